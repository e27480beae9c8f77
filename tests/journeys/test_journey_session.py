"""Sessions in real browsers: tokens that end, tabs at once, the way out, no network, plain http."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.journeys.backstage import another_server, store_of, tell
from tests.journeys.browser import main_navigation, sign_in_at, until
from tests.journeys.conftest import Platform
from tests.journeys.texts import write_texts

TTL_S = 3
LIVE = "[data-feed-state=live]"
HOSTS = ("127.0.0.1", "shoal.test")
"""The second is a host of the LAN to browsers: no secure context, no locks and no clipboard."""


@pytest.fixture(scope="module")
def brief(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server whose access tokens end at once, known to others as http://shoal.test."""
    folder = tmp_path_factory.mktemp("brief")
    with another_server(platform, folder, HOSTS[1], SHOAL_ACCESS_TOKEN_TTL_S=str(TTL_S)) as port:
        yield port


def refreshes(page: Page) -> list[Request]:
    """Those that the page asks for from now on."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        if "mutation Refresh" in (request.post_data or ""):
            asked.append(request)

    page.on("request", note)
    return asked


async def test_a_token_that_ends_is_renewed_and_nothing_is_missed(
    page: Page, platform: Platform, brief: int
) -> None:
    url, ours = f"http://127.0.0.1:{brief}", uuid4().hex
    faults = await sign_in_at(page, f"{url}/activity?topic=WORKER", platform.password)
    await expect(page.locator(LIVE)).to_be_visible()
    renewed = refreshes(page)
    async with page.expect_websocket(timeout=20_000):  # the first one ends with its token
        pass
    await expect(page.locator(LIVE)).to_be_visible()
    async with store_of(platform) as store:
        await tell(store, ours)
    await expect(page.get_by_text(ours)).to_be_visible()
    assert renewed
    assert faults == []

    await page.get_by_role("button", name=re.compile("^Account of")).click()
    await page.get_by_role("menuitem", name="Sign out", exact=True).click()
    await expect(page.get_by_label("Password")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Password")).to_be_visible()


async def test_a_clock_that_is_wrong_ends_no_session(
    page: Page, platform: Platform, brief: int
) -> None:
    """The page takes its token for a good one; the server does not."""
    await page.clock.set_system_time(time.time() - 3_600)
    await sign_in_at(page, f"http://127.0.0.1:{brief}/keys", platform.password)
    await expect(page.get_by_role("heading", level=1, name="My keys")).to_be_visible()
    renewed = refreshes(page)

    async def is_renewed() -> bool:
        for name in ("Data sets", "Models"):
            await main_navigation(page).get_by_role("link", name=name).click()
            await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        return bool(renewed)

    await until(is_renewed)


@pytest.mark.parametrize("host", HOSTS)
async def test_tabs_that_refresh_at_once_stay_signed_in(
    page: Page, platform: Platform, brief: int, host: str
) -> None:
    url = f"http://{host}:{brief}/keys"
    await sign_in_at(page, url, platform.password)
    await expect(main_navigation(page)).to_be_visible()
    tabs = [page, *[await page.context.new_page() for _ in range(2)]]
    for _ in range(2):
        await asyncio.gather(*(tab.goto(url) for tab in tabs))
        for tab in tabs:
            await expect(main_navigation(tab)).to_be_visible(timeout=20_000)
    for _ in range(3):  # somebody who cannot wait
        await page.goto(url, wait_until="commit")
    await expect(main_navigation(page)).to_be_visible(timeout=20_000)


async def test_signing_out_everywhere_ends_other_tabs_and_other_browsers(
    page: Page, browser: Browser, platform: Platform
) -> None:
    url = f"{platform.url}/activity"
    await sign_in_at(page, url, platform.password)
    await expect(page.locator(LIVE)).to_be_visible()
    tab = await page.context.new_page()
    await tab.goto(f"{platform.url}/keys")
    await expect(main_navigation(tab)).to_be_visible()
    async with await browser.new_context() as elsewhere:
        other = await elsewhere.new_page()
        await sign_in_at(other, url, platform.password)
        await expect(other.locator(LIVE)).to_be_visible()

        await page.get_by_role("button", name=re.compile("Account of")).click()
        await page.get_by_role("menuitem", name="Sign out everywhere").click()
        for ended in (page, tab, other):
            await expect(ended.get_by_label("Password")).to_be_visible(timeout=20_000)
    await tab.reload()
    await expect(tab.get_by_label("Password")).to_be_visible()


async def test_without_a_network_the_page_says_so_and_comes_back(
    page: Page, platform: Platform
) -> None:
    await sign_in_at(page, f"{platform.url}/activity?topic=WORKER", platform.password)
    await expect(page.locator(LIVE)).to_be_visible()
    offline = page.get_by_role("status").filter(has_text="You are offline")
    await page.context.set_offline(True)
    await expect(offline).to_be_visible()
    await expect(page.locator("[data-feed-state=stale]")).to_contain_text("since")
    await main_navigation(page).get_by_role("link", name="Jobs").click()
    await expect(page.get_by_role("heading", name="This page could not be shown")).to_be_visible()
    await page.context.set_offline(False)
    await expect(offline).to_be_hidden()
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await expect(page.locator(LIVE)).to_be_visible()


async def test_on_a_plain_http_host_secrets_are_copied_and_files_sent(
    page: Page, platform: Platform, brief: int, tmp_path: Path
) -> None:
    url = f"http://{HOSTS[1]}:{brief}"
    faults = await sign_in_at(page, f"{url}/activity", platform.password)
    await expect(page.locator(LIVE)).to_be_visible()
    assert not await page.evaluate("isSecureContext")
    (cookie,) = await page.context.cookies()
    assert cookie["httpOnly"]
    assert not cookie["secure"]

    await main_navigation(page).get_by_role("link", name="My keys").click()
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Name").fill("made on the LAN")
    await page.get_by_role("button", name="Make the key").click()
    shown = page.get_by_role("dialog", name="Your new key")
    secret = await shown.locator("pre").inner_text()
    await shown.get_by_role("button", name=re.compile("^Copy")).click()
    await expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    await shown.get_by_role("button", name="I have it").click()
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Name").press("Control+V")
    await expect(page.get_by_label("Name")).to_have_value(secret)

    await page.goto(f"{url}/datasets/new")
    await page.set_input_files("input[type=file]", write_texts(tmp_path / "texts.csv", rows=40))
    await page.get_by_role("button", name="Create the data set").click()
    await page.wait_for_url("**/datasets/ds_*")
    # that one header means nothing on such a host is what Chromium says of each page
    assert [fault for fault in faults if "Cross-Origin-Opener-Policy" not in fault] == []
