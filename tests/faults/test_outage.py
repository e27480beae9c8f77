"""The object store refuses or falls silent: callers are told in time, and jobs finish afterwards.

`make faults` lets it last for a minute, under the settings of an installation.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from shoal.demo import documents
from shoal.demo.data import own_file
from tests.conftest import S3_KEY, S3_SECRET
from tests.faults.caller import all_pages, surely_do
from tests.faults.conftest import IS_FULL
from tests.faults.documents import EVENTS, JOB_EVENTS
from tests.faults.inspection import findings_in_store
from tests.faults.lane import Lane, lane
from tests.faults.proxy import Mode, Proxy
from tests.faults.story import coherent, told_to_the_end
from tests.faults.subscriber import Subscriber
from tests.journeys.texts import write_texts

OUTAGE_S, TIMEOUT_S = (60.0, 5.0) if IS_FULL else (5.0, 2.0)
ROWS = 600
AFTERWARDS_S = 90.0

COMPLETE_UPLOAD = """
mutation CompleteUpload($input: CompleteUploadInput!) {
  completeUpload(input: $input) { upload { status } userErrors { code message } }
}"""
VIEWER = "query { viewer { user { email } } }"

pytestmark = pytest.mark.timeout(120 + 4 * OUTAGE_S + 2 * AFTERWARDS_S)


@dataclass
class Stored:
    """A platform whose files are in S3, behind a proxy."""

    lane: Lane
    proxy: Proxy


@pytest.fixture(scope="module")
async def stored(
    s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stored]:
    await answering(s3_endpoint)
    async with Proxy(s3_endpoint).listening() as proxy:
        environ = {
            "MINIO_ENDPOINT": proxy.endpoint, "MINIO_ACCESS_KEY": S3_KEY,
            "MINIO_SECRET_KEY": S3_SECRET, "SHOAL_BUCKET": "faults",
            "SHOAL_SERVICE_TIMEOUT_S": f"{TIMEOUT_S:g}",
        }  # fmt: skip
        root = tmp_path_factory.mktemp("outage") / "lane"
        async with lane(root, None, environ) as running:
            yield Stored(running, proxy)


async def answering(endpoint: str) -> None:
    """Return once the object store does more than to accept connections."""
    async with httpx.AsyncClient() as http, asyncio.timeout(60):
        while True:
            with suppress(httpx.TransportError):
                if (await http.get(f"http://{endpoint}")).status_code < 500:
                    return
            await asyncio.sleep(0.2)


async def errors_of(lane: Lane, document: str, **variables: object) -> tuple[list[Any], float]:
    """The errors of one request, sent once, and the seconds that they took."""
    headers = {"authorization": f"Bearer {lane.api.token}"}
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=lane.platform.url, timeout=60) as http:
        body = {"query": document, "variables": variables}
        reply = await http.post("/graphql", json=body, headers=headers)
    return reply.json().get("errors", []), time.monotonic() - began


async def check_told(lane: Lane, document: str, **variables: object) -> None:
    """The request fails honestly, after one time-out and not after one for each try."""
    errors, seconds = await errors_of(lane, document, **variables)
    assert [error["extensions"]["code"] for error in errors] == ["UNAVAILABLE"]
    assert errors[0]["extensions"]["retryable"]
    assert errors[0]["extensions"]["retryAfter"] > 0
    assert "objects" in errors[0]["message"]
    assert seconds < 2.5 * TIMEOUT_S


async def announced(lane: Lane, path: Path) -> str:
    """An upload whose bytes are sent, but not handed over."""
    size = own_file(path).size
    made = await surely_do(lane.api, documents.CREATE_UPLOAD, filename=path.name, size=size)
    for part in made["ticket"]["parts"]:
        await lane.api.put(part, path, {})
    upload_id: str = made["upload"]["id"]
    return upload_id


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.STALL])
async def test_an_outage_of_the_object_store_passes(
    stored: Stored, mode: Mode, tmp_path: Path
) -> None:
    lane, name = stored.lane, f"outage-{mode.name.lower()}"
    version = await lane.create(name, ROWS)
    assert (await lane.ended(version["job"]["id"], 60))["status"] == "SUCCEEDED"
    upload_id = await announced(lane, write_texts(tmp_path / "texts.csv", seed=mode.value))
    job_id = await lane.train(version["id"], name, {})
    subscriber = Subscriber(lane.platform.url, lane.api.token, JOB_EVENTS, id=job_id)
    following = asyncio.create_task(subscriber.run())
    while not any(event["kind"] == "STAGE_PROGRESSED" for event in subscriber.events):
        await asyncio.sleep(0.02)

    async with stored.proxy.being(mode):
        over_at = time.monotonic() + OUTAGE_S
        await check_told(lane, documents.CREATE_UPLOAD, input={"filename": "a.csv", "size": 3})
        await check_told(lane, COMPLETE_UPLOAD, input={"uploadId": upload_id})
        assert (await errors_of(lane, VIEWER))[0] == []
        await asyncio.sleep(over_at - time.monotonic())
        assert (await lane.job(job_id))["status"] in ("RUNNING", "QUEUED")

    ended = await lane.ended(job_id, AFTERWARDS_S)
    assert ended["status"] == "SUCCEEDED", ended
    await asyncio.wait_for(following, 60)
    kept = await all_pages(lane.api, EVENTS, subjectId=job_id)
    assert [*told_to_the_end(subscriber.events, kept), *coherent(kept, "SUCCEEDED")] == []
    completed = await surely_do(lane.api, COMPLETE_UPLOAD, uploadId=upload_id)
    assert completed["upload"]["status"] == "COMPLETE"
    assert await findings_in_store(lane.platform, [job_id]) == []
