"""The client in a real browser, on a server that answers its documents and no others."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from playwright.async_api import Page, Response, expect

from store.datasets.inline_rows import Row
from store.records.account import Role
from tests.journeys.backstage import another_server, store_of
from tests.journeys.browser import sign_in_at, until
from tests.journeys.conftest import Platform

PASSWORD = "a shoal of 77 fish"
PAGES = "jobs", "datasets", "train", "models", "playground", "keys", "webhooks", "bulk"


async def test_the_client_sends_what_its_build_has_told(
    page: Page, platform: Platform, tmp_path: Path
) -> None:
    """Over HTTP and the socket; and the page's policy lets it. An admin could send anything."""
    told: list[str] = []
    refused: list[str] = []

    def hear(text: str | bytes) -> None:
        told.append(str(text))

    def note(response: Response) -> None:
        if response.status >= 400:
            refused.append(f"{response.status} {response.url}")

    async def is_fed() -> bool:
        return any('"type":"next"' in text for text in told)

    async with store_of(platform) as store:
        email = f"{uuid4().hex}@example.org"
        user = await store.accounts.create_user(email, "Rosa", Role.USER, PASSWORD)
        made = await store.datasets.create_from_rows(user.id, "Texts", rows=[Row("good", "a")])
    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    only = {"SHOAL_TRUSTED_DOCUMENTS_ONLY": "true"}
    with another_server(platform, tmp_path, "127.0.0.1", **only) as port:
        url = f"http://127.0.0.1:{port}"
        faults = await sign_in_at(page, url, PASSWORD, email)
        await expect(page.get_by_role("navigation").first).to_be_visible()
        page.on("response", note)
        for path in (*PAGES, f"datasets/{made.dataset.id}"):
            await page.goto(f"{url}/{path}")
            await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await until(is_fed)
        await page.goto("about:blank")
    assert faults + refused == []
    assert not any('"type":"error"' in text for text in told)
