"""The cluster map in a real browser: looked at, pointed at, selected from, edited by keyboard."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from shoal.demo import documents
from shoal.demo.api import Api
from tests.journeys.browser import sign_in_at
from tests.journeys.conftest import Platform
from tests.journeys.texts import write_texts

ROWS = 300
MAP = """query Map($id: ID!) { modelVersion(id: $id) {
  clusterMap { clusters { id name size } points { points(first: 1) { x y text } } }
} }"""
NAME = "Things of the kitchen"


async def version_with_a_map(api: Api, folder: Path) -> dict[str, Any]:
    with write_texts(folder / "mapped.csv", rows=ROWS).open() as file:
        rows = list(csv.DictReader(file))
    made = await api.do(documents.CREATE_DATASET, name="mapped", rows=rows)
    async for _ in api.follow(documents.JOB_EVENTS, id=made["version"]["job"]["id"]):
        pass
    started = await api.do(
        documents.START_TRAINING, datasetVersionId=made["version"]["id"], modelName="mapped",
        spec={"embedder": {"kind": "TFIDF", "dimensions": 64}},
    )  # fmt: skip
    async for _ in api.follow(documents.JOB_EVENTS, id=started["job"]["id"]):
        pass
    job = (await api.run(documents.JOB, id=started["job"]["id"]))["job"]
    found = await api.run(documents.MODEL_VERSION, id=job["modelVersion"]["id"])
    version: dict[str, Any] = found["modelVersion"]
    await api.do(documents.PUBLISH_MODEL, modelId=version["model"]["id"], versionId=version["id"])
    return version


async def middle_of(surface: Locator) -> tuple[float, float, float, float]:
    box = await surface.bounding_box()
    assert box is not None
    return (
        box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"], box["height"],
    )  # fmt: skip


async def draw_a_line_around_all(page: Page, surface: Locator) -> None:
    x, y, width, height = await middle_of(surface)
    aside, above = width / 2 - 4, height / 2 - 4
    await page.mouse.move(x - aside, y - above)
    await page.mouse.down()
    for right, down in ((aside, -above), (aside, above), (-aside, above)):
        await page.mouse.move(x + right, y + down, steps=4)
    await page.mouse.up()


async def rename_the_first_cluster_by_keyboard(page: Page) -> None:
    await page.get_by_role("checkbox", name="Choose").first.focus()
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Rename").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(NAME)
    await page.keyboard.press("Enter")


def rows_in(path: Path) -> int:
    with path.open(newline="") as file:
        return len({row["row"] for row in csv.DictReader(file)})


async def test_a_map_is_pointed_at_selected_from_and_edited(
    page: Page, platform: Platform, api: Api, tmp_path: Path
) -> None:
    version = await version_with_a_map(api, tmp_path)
    mapped = (await api.run(MAP, id=version["id"]))["modelVersion"]["clusterMap"]
    (point,) = mapped["points"]["points"]
    at = f"{platform.url}/models/{version['model']['id']}/map"
    place = f"{at}?x={point['x']}&y={point['y']}&zoom=9"
    faults = await sign_in_at(page, place, platform.password)
    surface = page.get_by_role("img", name=f"Map of {ROWS} texts")
    drawn = page.locator("canvas")

    # an address leads to a place: the point in its middle is the one that was asked for
    await expect(drawn).to_have_attribute("data-drawn", str(ROWS), timeout=30_000)
    x, y, *_ = await middle_of(surface)
    await page.mouse.move(x, y, steps=2)
    await expect(page.locator("[data-hover]")).to_contain_text(point["text"])

    await page.get_by_role("button", name="The whole map").click()
    await page.get_by_role("button", name="Select by a line").click()
    await draw_a_line_around_all(page, surface)
    await expect(page.get_by_role("heading", name=f"{ROWS} texts selected")).to_be_visible()
    selected = page.get_by_role("region", name="Selected texts")
    await expect(selected.get_by_role("row")).to_have_count(201)
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Export CSV").click()
    assert rows_in(await (await saved.value).path()) == ROWS
    await page.get_by_role("button", name="Clear").click()

    await rename_the_first_cluster_by_keyboard(page)
    clusters = page.get_by_role("list", name="Clusters")
    await expect(clusters.get_by_role("button", name=NAME)).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("checkbox", name=f"Choose {NAME}")).to_be_checked()
    largest = max(mapped["clusters"], key=lambda each: each["size"])
    await expect(page.get_by_role("heading", name=f"{largest['size']} texts")).to_be_visible()

    # what is asked while one looks falls onto the map
    await expect(page.locator("[data-feed-state=live]")).to_be_visible(timeout=20_000)
    await api.run(documents.PREDICT, input={"model": "mapped", "texts": ["soup in a pan"]})
    await expect(page.get_by_text("Just asked: “soup in a pan”")).to_be_visible(timeout=20_000)
    assert faults == []
