"""The map in a real browser: frames a second while 100,000 points are dragged about.

Chromium draws in software, as on a machine without a graphics card. The model is a small one; its
map's answer is given 100,000 points in tiles on the way to the page, which does the rest itself.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Route, async_playwright

from bench.figure import Figure, at_least, at_most
from bench.platform import Platform, Stopwatch
from store.records.cluster_map import Bounds, Tile
from workers.pipeline.map_points import bounds_of
from workers.pipeline.tiles import Drawn, write_tiles

FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
DRAG_STEPS, PIXELS_A_STEP = 240, 6
"""Half of the map's width and back, twice."""
COUNT_FRAMES = """() => {
  const canvas = document.querySelector("canvas");
  const seen = window.seen = { at: [], drawn: [] };
  const tick = (now) => {
    seen.at.push(now);
    seen.drawn.push(Number(canvas.dataset.drawn));
    if (!seen.isOver) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
FRAMES_SEEN = "() => { window.seen.isOver = true; return window.seen; }"
ALL_DRAWN = "points => Number(document.querySelector('canvas')?.dataset.drawn) >= points"


async def map_frames(platform: Platform, model_id: str, drawn: Drawn) -> list[Figure]:
    """Frames a second while dragging, points in the frames, seconds until all are there."""
    browser = os.environ.get("SHOAL_BROWSER") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as scratch:
        bounds = bounds_of(drawn.xy)
        tiles = write_tiles(Path(scratch), drawn, bounds, seed=0)
        async with async_playwright() as playwright:
            opened = await playwright.chromium.launch(executable_path=browser, args=FLAGS)
            page = await opened.new_page(viewport={"width": 1440, "height": 900})
            await _serve(page, Path(scratch), tiles, bounds)
            await _sign_in(page, platform)
            watch = Stopwatch()
            await page.goto(f"{platform.url}/models/{model_id}/map")
            await page.wait_for_function(ALL_DRAWN, arg=len(drawn.row))
            loaded_s = watch.seconds
            seen = await _drag(page)
            await opened.close()
    times, points = seen["at"], seen["drawn"]
    gaps = sorted(after - before for before, after in pairwise(times))
    print(
        f"# {len(times)} frames; the slowest tenth over {gaps[-len(gaps) // 10]:.0f} ms; "
        f"{min(points):,} to {max(points):,} points a frame"
    )
    return [
        at_least("map_frames", 1000 * len(gaps) / (times[-1] - times[0]), 30, "/s"),
        at_least("map_points_a_frame", min(points), 100_000),
        at_most("map_loaded", loaded_s, 5, "s"),
    ]


async def _serve(page: Page, folder: Path, tiles: tuple[Tile, ...], bounds: Bounds) -> None:
    shown = [
        {"__typename": "MapTile", "zoom": tile.zoom, "x": tile.x, "y": tile.y,
         "count": tile.points, "url": f"/many/{tile.name}.bin",
         "textsUrl": f"/many/{tile.name}.json"}
        for tile in tiles
    ]  # fmt: skip
    edges = {
        "minX": bounds.min_x, "minY": bounds.min_y, "maxX": bounds.max_x, "maxY": bounds.max_y,
    }  # fmt: skip

    async def answer(route: Route) -> None:
        if json.loads(route.request.post_data or "{}").get("operationName") != "ClusterMapOf":
            return await route.fallback()
        reply = await route.fetch()
        answer: dict[str, Any] = await reply.json()
        found = answer["data"]["modelVersion"]["clusterMap"]
        found |= {"tiles": shown, "pointCount": sum(tile.points for tile in tiles)}
        found["bounds"] |= edges
        return await route.fulfill(response=reply, json=answer)

    async def tile(route: Route) -> None:
        await route.fulfill(path=folder / route.request.url.rsplit("/", 1)[-1])

    await page.route("**/graphql", answer)
    await page.route("**/many/*", tile)


async def _sign_in(page: Page, platform: Platform) -> None:
    await page.goto(f"{platform.url}/models")
    await page.get_by_label("Email").fill(platform.email)
    await page.get_by_label("Password").fill(platform.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Models").wait_for()


async def _drag(page: Page) -> dict[str, list[float]]:
    """Back and forth for some seconds, the pointer down all the while."""
    box = await page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.wait_for_timeout(500)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.evaluate(COUNT_FRAMES)
    for step in range(DRAG_STEPS):
        away = DRAG_STEPS / 4 - abs(step % (DRAG_STEPS / 2) - DRAG_STEPS / 4)
        await page.mouse.move(x + PIXELS_A_STEP * away, y + 2 * away)
    seen: dict[str, list[float]] = await page.evaluate(FRAMES_SEEN)
    await page.mouse.up()
    return seen
