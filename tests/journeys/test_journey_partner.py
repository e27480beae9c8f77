"""A partner in a real browser: explores the API with nothing but a key."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, WebSocket, expect

from shoal.demo.api import Api
from shoal.demo.documents import CREATE_API_KEY
from tests.journeys.browser import watched
from tests.journeys.conftest import Platform
from tests.journeys.laboratory import RESULT, execute, settled
from tests.journeys.test_main_job import create_dataset
from tests.journeys.texts import write_texts

NAME = "partner's own"


async def come_in(page: Page, platform: Platform, key: str) -> list[str]:
    """Not by a wrong key; what the console says from the right one on."""
    await page.goto(f"{platform.url}/graphiql")
    field = page.get_by_label("API key", exact=True)
    await field.fill("shoal_wrong")
    await page.get_by_role("button", name="Explore with the key").click()
    await expect(page.get_by_role("alert").last).not_to_be_empty()
    await field.fill(key)
    faults = watched(page)
    await page.get_by_role("button", name="Explore with the key").click()
    await expect(page.get_by_text(f"key “{NAME}”")).to_be_visible(timeout=30_000)
    return faults


async def see_the_price(page: Page) -> None:
    """What the typed document costs at most, before it is sent; and what it did cost."""
    most = page.get_by_text("Costs at most")
    await expect(most).to_contain_text(re.compile(r"\d+ points"))
    told = re.search(r"\d+", await most.inner_text())
    assert told is not None
    await execute(page)
    await expect(page.get_by_text(f"of {told[0]} reserved")).to_be_visible(timeout=20_000)


async def test_a_partner_explores_with_a_key_alone(
    page: Page, platform: Platform, api: Api, tmp_path: Path
) -> None:
    await create_dataset(api, write_texts(tmp_path / "texts.csv", rows=20), "partner's")
    made = await api.do(CREATE_API_KEY, name=NAME, scopes=["READ", "PREDICT"])
    faults = await come_in(page, platform, made["key"])
    result = page.locator(RESULT)

    await settled(page, "WhoAmI")
    await execute(page)
    await expect(result).to_contain_text(NAME, timeout=20_000)

    await page.get_by_role("button", name=re.compile("^Models")).click()
    await settled(page, "Models")
    await see_the_price(page)
    await expect(result).to_contain_text("nodes")

    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    page.on("websocket", listen)
    await page.get_by_role("tab", name="FollowJob").click()
    await settled(page, "FollowJob")
    await execute(page)
    await expect(result).to_contain_text("jobEvents", timeout=20_000)
    await expect(result).not_to_contain_text("FORBIDDEN")
    assert any('"type":"subscribe"' in frame for frame in sent)

    await page.get_by_role("button", name="Leave the key").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert faults == []
