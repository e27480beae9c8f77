"""What journeys in a browser begin with: a page that is listened to, and the way in."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from os import environ

from playwright.async_api import ConsoleMessage, Error, Locator, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
    # a host of the LAN, as the browser sees it: plain http, and not localhost
    "--host-resolver-rules=MAP shoal.test 127.0.0.1",
)  # fmt: skip
EMAIL = "admin@localhost"


def chromium() -> str:
    """Where it is; empty where it is not."""
    return environ.get("SHOAL_BROWSER") or next(filter(None, map(shutil.which, NAMES)), "")


def watched(page: Page) -> list[str]:
    """What the console says against the page, from now on."""
    faults: list[str] = []

    def note(told: ConsoleMessage) -> None:
        is_of_the_machine = "GL Driver Message" in told.text  # that it has no GPU
        if told.type in {"error", "warning"} and not is_of_the_machine:
            faults.append(f"{page.url}: {told.text}")

    def note_error(error: Error) -> None:
        if error.message != "Canceled":  # as Monaco says when its editor is left
            faults.append(f"{page.url}: {error}")

    page.on("pageerror", note_error)
    page.on("console", note)
    return faults


async def sign_in_at(page: Page, url: str, password: str, email: str = EMAIL) -> list[str]:
    """Signed in at this address; what the console says against the page from then on."""
    await page.goto(url)
    await page.get_by_label("Email").fill(email)
    await page.get_by_label("Password").fill(password)
    faults = watched(page)  # that who has no session yet is told so is no fault
    await page.get_by_role("button", name="Sign in").click()
    return faults


def main_navigation(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main")


async def until(holds: Callable[[], Awaitable[bool]], timeout_s: float = 30) -> None:
    """For what no element on the page says."""
    async with asyncio.timeout(timeout_s):
        while not await holds():
            await asyncio.sleep(0.05)
