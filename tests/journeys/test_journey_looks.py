"""On a telephone's width, and in the dark."""

from __future__ import annotations

import re

from playwright.async_api import Page, ViewportSize, expect

from tests.journeys.browser import main_navigation, sign_in_at
from tests.journeys.conftest import Platform

NARROW = ViewportSize(width=380, height=800)
PLACES = ("Overview", "Activity", "Data sets", "Playground", "Corrections", "Audit log")
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
BRIGHTNESS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / 3;
}"""


async def test_a_telephone_shows_the_way_in_a_drawer(page: Page, platform: Platform) -> None:
    await page.set_viewport_size(NARROW)
    faults = await sign_in_at(page, f"{platform.url}/account", platform.password)
    drawer = page.get_by_role("button", name="Navigation")
    for name in PLACES:
        await expect(main_navigation(page)).to_be_hidden()
        await drawer.click()
        await expect(drawer).to_have_attribute("aria-expanded", "true")
        await main_navigation(page).get_by_role("link", name=name, exact=True).click()
        await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        assert not await page.evaluate(TOO_WIDE), name
    assert faults == []


async def is_dark(page: Page) -> bool:
    await expect(page.get_by_role("heading", level=1, name="Account")).to_be_visible()
    brightness: float = await page.evaluate(BRIGHTNESS)
    return brightness < 128


async def choose(page: Page, theme: str) -> None:
    await page.get_by_role("button", name=re.compile("^Account of")).click()
    await page.get_by_role("menuitem", name=f"Theme: {theme}").click()


async def test_it_is_dark_for_who_wants_it(page: Page, platform: Platform) -> None:
    """By the system's word, or against it by one's own, which a reload keeps."""
    await page.emulate_media(color_scheme="dark")
    faults = await sign_in_at(page, f"{platform.url}/account", platform.password)
    assert await is_dark(page)
    await choose(page, "light")
    assert not await is_dark(page)
    await page.reload()
    assert not await is_dark(page)

    await page.emulate_media(color_scheme="light")
    await choose(page, "dark")
    await page.reload()
    assert await is_dark(page)
    await choose(page, "system")
    assert not await is_dark(page)
    assert faults == []
