"""Everything by keyboard: no mouse in this journey."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.journeys.browser import EMAIL, main_navigation, watched
from tests.journeys.conftest import Platform

FAR = 60
"""More stops than any of these pages has before what is looked for."""


async def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Forward, stop by stop, to what is there to be reached."""
    await expect(wanted).to_be_visible()
    for _ in range(FAR):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached by {key}")


async def sign_in(page: Page, platform: Platform) -> list[str]:
    await page.goto(f"{platform.url}/keys")
    await tab_to(page, page.get_by_label("Email"))
    await page.keyboard.type(EMAIL)
    await page.keyboard.press("Tab")
    await page.keyboard.type(platform.password)
    faults = watched(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="My keys")).to_be_visible()
    return faults


async def make_a_key(page: Page) -> None:
    """By the skip link past the navigation; Escape leaves a dialog to where it was opened."""
    await tab_to(page, page.get_by_role("link", name="To the page's content"))
    await page.keyboard.press("Enter")
    opener = page.get_by_role("button", name="New key")
    await page.keyboard.press("Tab")
    await tab_to(page, opener)
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="New key")
    await tab_to(page, dialog.get_by_label("Name"))
    await page.keyboard.type("a name that is not kept")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()

    await page.keyboard.press("Enter")
    await tab_to(page, dialog.get_by_label("Name"))
    await page.keyboard.press("Control+A")
    await page.keyboard.type("made by keyboard")
    await page.keyboard.press("Enter")
    shown = page.get_by_role("dialog", name="Your new key")
    await tab_to(page, shown.get_by_role("button", name="I have it"))
    await page.keyboard.press("Enter")
    await expect(shown).to_be_hidden()
    await expect(page.get_by_role("link", name="made by keyboard")).to_be_visible()


async def choose_the_dark_theme(page: Page) -> None:
    """A menu opens on its first item; the arrows go on, and round."""
    opener = page.get_by_role("button", name=f"Account of {EMAIL}")
    await tab_to(page, opener, "Shift+Tab")
    await page.keyboard.press("Enter")
    dark = page.get_by_role("menuitem", name="Theme: dark")
    await expect(dark).to_be_visible()
    await tab_to(page, dark, "ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(opener).to_be_focused()


async def walk_to_the_jobs(page: Page) -> None:
    await tab_to(page, main_navigation(page).get_by_role("link", name="Jobs"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()


async def test_an_admin_needs_no_mouse(page: Page, platform: Platform) -> None:
    faults = await sign_in(page, platform)
    await make_a_key(page)
    await choose_the_dark_theme(page)
    await walk_to_the_jobs(page)
    assert faults == []
