"""Every page in a real browser, in light, in dark and on a small screen.

With SHOAL_SCREENS=1 (`make screens`) the same visits leave the pictures in docs/screens.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, expect

from shoal.demo.api import Api
from tests.journeys.browser import sign_in_at, watched
from tests.journeys.conftest import Platform
from tests.journeys.faces import CLIENT, FACES, STRANGERS, Face, routes
from tests.journeys.furnished import furnish

SCREENS = CLIENT.parent / "docs" / "screens"
TAKES_PICTURES = os.environ.get("SHOAL_SCREENS") == "1"
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=380, height=800)
TABS = 3
AXE = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
JUDGE = """async (rules) => {
  await new Promise((done) => setTimeout(done, 50));  // what follows the theme has followed it
  const only = rules && { runOnly: { type: "rule", values: rules } };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""
NOT_OURS = re.compile(r"GL Driver Message|nested-interactive: \.graphiql-tab")
"""What drawing without a graphics card says, and GraphiQL's own tabs, which hold their buttons."""
POPUP = "[role=dialog], [role=alertdialog], [role=menu]"
SETTLED = """() => {
  const isThere = document.querySelector("h1, .graphiql-editors .view-line");
  const map = document.querySelector("canvas[data-drawn]");
  return isThere && !document.querySelector(".animate-pulse, [aria-busy=true]")
    && (!map || Number(map.dataset.drawn) > 0);
}"""
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? `${scrollWidth} px wide at ${clientWidth} px` : "";
}"""


async def test_every_page_is_for_everybody(
    browser: Browser, platform: Platform, api: Api, tmp_path: Path
) -> None:
    """Nothing that axe calls serious, nothing in the console, no scrolling sideways."""
    ids = await furnish(api, platform.url, tmp_path)
    waiting = iter(FACES)  # whoever is free takes the next
    found = await asyncio.gather(
        _strange_tab(browser, platform, ids),
        *(_signed_in_tab(browser, platform, ids, waiting) for _ in range(TABS)),
    )
    assert [fault for faults in found for fault in faults] == []


def test_no_page_is_left_out() -> None:
    assert {face.route for face in (*FACES, *STRANGERS)} == routes()


def test_the_pictures_are_those_of_the_pages() -> None:
    pictures = {path.name for path in SCREENS.iterdir()}
    assert pictures == {
        f"{name}.webp"
        for face in (*FACES, *STRANGERS)
        for name in (face.name, *([f"{face.name}-dark"] if face.is_pictured_dark else []))
    }
    assert sum(path.stat().st_size for path in SCREENS.iterdir()) < 3 * 2**20


async def _strange_tab(browser: Browser, platform: Platform, ids: dict[str, str]) -> list[str]:
    async with _tab(browser) as page:
        await page.goto(platform.url)
        await expect(page.get_by_label("Email")).to_be_visible()
        faults = watched(page)
        for face in STRANGERS:
            faults += await _visit(page, face, platform.url, ids)
    return [fault for fault in faults if not NOT_OURS.search(fault)]


async def _signed_in_tab(
    browser: Browser, platform: Platform, ids: dict[str, str], faces: Iterable[Face]
) -> list[str]:
    async with _tab(browser) as page:
        faults = await sign_in_at(page, f"{platform.url}/account", platform.password)
        await expect(page.get_by_role("heading", level=1, name="Account")).to_be_visible()
        for face in faces:
            faults += await _visit(page, face, platform.url, ids)
    return [fault for fault in faults if not NOT_OURS.search(fault)]


@asynccontextmanager
async def _tab(browser: Browser) -> AsyncIterator[Page]:
    """A tab of a context of its own, with axe in it."""
    async with await browser.new_context(viewport=DESK, reduced_motion="reduce") as context:
        await context.add_init_script(path=AXE)  # the pages' policy refuses a tag
        yield await context.new_page()


async def _visit(page: Page, face: Face, url: str, ids: dict[str, str]) -> list[str]:
    """What is wrong with a page, on all that it can be seen on."""
    await page.goto(f"{url}{face.address(ids)}", wait_until="networkidle")
    await page.wait_for_function(SETTLED)
    await face.prepare(page)
    await page.evaluate("scrollTo(0, 0)")
    faults = await _judged(page, face.name)
    await _picture(page, face.name)
    await page.emulate_media(color_scheme="dark")
    faults += await _judged(page, f"{face.name} in dark", ["color-contrast"])
    if face.is_pictured_dark:
        await _picture(page, f"{face.name}-dark")
    await page.emulate_media(color_scheme="light")
    for name in face.opens:
        await page.get_by_role("button", name=name).first.click()
        await page.locator(POPUP).first.wait_for()
        faults += await _judged(page, f"{face.name} with {name}")
        await page.keyboard.press("Escape")
        await expect(page.locator(POPUP)).to_have_count(0)
    await page.set_viewport_size(PHONE)
    if told := await page.evaluate(TOO_WIDE):
        faults.append(f"{face.name}: {told}")
    await page.set_viewport_size(DESK)
    return faults


async def _judged(page: Page, where: str, rules: list[str] | None = None) -> list[str]:
    return [f"{where}: {each}" for each in await page.evaluate(JUDGE, rules)]


async def _picture(page: Page, name: str) -> None:
    """By the browser itself: Playwright knows no WebP, a third of the size of PNG."""
    if TAKES_PICTURES:
        session = await page.context.new_cdp_session(page)
        taken: dict[str, Any] = await session.send(
            "Page.captureScreenshot", {"format": "webp", "quality": 80}
        )
        await session.detach()
        (SCREENS / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))
