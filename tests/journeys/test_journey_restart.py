"""The server dies while people look: on screen everything is there, once, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from shoal.demo import documents
from shoal.demo.api import Api
from store.records.job import JobKind
from store.store import Store
from store.system.presence import SYSTEM
from tests.journeys.backstage import kill_server, store_of, tell
from tests.journeys.browser import sign_in_at
from tests.journeys.conftest import Platform
from tests.journeys.texts import WORDS

BACK_MS = 60_000
LOG = "query Log($id: ID!) { job(id: $id) { status log(first: 100) { nodes { message } } } }"


def badge(within: Locator | Page, state: str) -> Locator:
    return within.locator(f"[data-feed-state={state}]")


async def job_that_waits(api: Api) -> str:
    """A training, while the queue stands still."""
    rows = [
        {"text": f"{word} and {other}", "label": label}
        for label, words in WORDS.items()
        for word in words.split()
        for other in words.split()[:8]
    ]
    made = await api.do(documents.CREATE_DATASET, name="looked at", rows=rows)
    async for _ in api.follow(documents.JOB_EVENTS, id=made["version"]["job"]["id"]):
        pass
    started = await api.do(
        documents.START_TRAINING, datasetVersionId=made["version"]["id"], modelName="looked-at",
        spec={"embedder": {"kind": "TFIDF", "dimensions": 64}},
    )  # fmt: skip
    job_id: str = started["job"]["id"]
    return job_id


@asynccontextmanager
async def standing_still(store: Store) -> AsyncIterator[None]:
    """No training begins in the meantime."""
    await store.queues.pause(JobKind.TRAIN, SYSTEM, "a journey")
    try:
        yield
    finally:
        await store.queues.resume(JobKind.TRAIN)


async def test_a_restart_in_the_middle_loses_and_doubles_nothing_on_screen(
    page: Page, platform: Platform, api: Api
) -> None:
    ours = uuid4().hex
    told = [f"event {number} of {ours}" for number in range(20)]
    await sign_in_at(page, f"{platform.url}/activity?topic=WORKER", platform.password)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    shown = page.get_by_role("list", name="Events").get_by_text(ours)
    await expect(badge(page, "live")).to_be_visible()
    job = await page.context.new_page()
    log = job.locator("section", has=job.get_by_role("heading", name="Log"))

    async with store_of(platform) as store:
        await tell(store, *told[:5])
        await expect(shown).to_have_text(told[4::-1])
        async with standing_still(store):
            job_id = await job_that_waits(api)
            await job.goto(f"{platform.url}/jobs/{job_id}")
            await expect(badge(log, "live")).to_be_visible()
            dead = kill_server(platform)
        await tell(store, *told[5:15])
        await expect(badge(page, "reconnecting")).to_contain_text("since")
        assert not dead.is_alive
        await expect(badge(page, "live")).to_be_visible(timeout=BACK_MS)
        await tell(store, *told[15:])
    await expect(shown).to_have_text(told[::-1], timeout=BACK_MS)

    await expect(job.get_by_role("main").get_by_text("succeeded", exact=True)).to_be_visible(
        timeout=BACK_MS
    )
    lines = await lines_of(api, job_id)
    told_by_page = log.get_by_role("listitem")
    await expect(told_by_page).to_have_count(len(lines))
    for line, message in zip(await told_by_page.all_inner_texts(), lines, strict=True):
        assert line.endswith(message)
    assert faults == []


async def lines_of(api: Api, job_id: str) -> list[str]:
    found: dict[str, Any] = (await api.run(LOG, id=job_id))["job"]
    assert found["status"] == "SUCCEEDED"
    return [line["message"] for line in found["log"]["nodes"]]
