"""The client in a real browser, on a server that answers its documents and no others."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, Response, expect

from store.datasets import Row
from store.records.account import Role
from store.settings import Settings
from store.store import open_store
from tests.server.conftest import PASSWORD, serving

DIST = Path(__file__).resolve().parents[2] / "client" / "dist"
PAGES = "jobs", "datasets", "train", "models", "playground", "keys", "webhooks", "bulk"


async def test_the_client_sends_what_its_build_has_told(page: Page, settings: Settings) -> None:
    """Over HTTP and the socket; and the page's policy lets it."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{page.url} {error}"))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    told: list[str] = []

    def heard(text: str | bytes) -> None:
        told.append(str(text))

    page.on("websocket", lambda socket: socket.on("framereceived", heard))

    async def note(response: Response) -> None:
        if response.status >= 400:
            faults.append(f"{response.status} {response.url}")

    page.on("response", note)
    only = {"client_dist": DIST, "trusted_documents_only": True}
    own = settings.model_copy(update=only)
    async with serving(own) as site, open_store(own) as store:
        rosa = await store.accounts.create_user("rosa@b.cd", "Rosa", Role.USER, PASSWORD)
        made = await store.datasets.create_from_rows(rosa.id, "Texts", rows=[Row("good", "a")])
        await page.goto(site.url)
        await page.get_by_label("Email").fill("rosa@b.cd")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("navigation").first).to_be_visible()
        faults.clear()  # the first refresh of who has no session is refused
        for path in (*PAGES, f"datasets/{made.dataset.id}"):
            await page.goto(f"{site.url}/{path}", wait_until="networkidle")
            await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await page.close()
    assert faults == []
    assert any('"type":"next"' in text for text in told)
    assert not any('"type":"error"' in text for text in told)
