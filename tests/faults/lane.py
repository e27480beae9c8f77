"""One platform after the other, and what all rounds on it have in common."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shoal.demo.api import Api
from shoal.demo.documents import CREATE_API_KEY, MODEL_VERSION, PUBLISH_MODEL, SIGN_IN
from shoal.demo.documents import START_TRAINING as START
from tests.faults.caller import surely, surely_do
from tests.faults.documents import ACTIVITY, CREATE_DATASET, JOB, PREDICT
from tests.faults.platform import Platform
from tests.faults.subscriber import Subscriber
from tests.faults.texts import rows

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
SERVED = "served"
WARM_ROWS = 80


@dataclass
class Lane:
    """A platform with a published model, an admin's key, and somebody who follows everything."""

    platform: Platform
    api: Api
    activity: Subscriber
    model_id: str
    expected_s: float
    """How long an undisturbed training takes here."""

    async def create(self, name: str, count: int) -> dict[str, Any]:
        """Ask for a data set of that many rows; the version, which is not read yet."""
        made = await surely_do(
            self.api, CREATE_DATASET, name=name, rows=rows(count, name), idempotencyKey=f"d-{name}"
        )
        version: dict[str, Any] = made["version"]
        return version

    async def train(self, version_id: str, name: str, spec: dict[str, Any]) -> str:
        """Ask for a training; the id of its job."""
        started = await surely_do(
            self.api, START, datasetVersionId=version_id, modelName=name, spec=spec,
            idempotencyKey=f"t-{name}",
        )  # fmt: skip
        job_id: str = started["job"]["id"]
        return job_id

    async def job(self, job_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await surely(self.api, JOB, id=job_id))["job"]
        return found

    async def ended(self, job_id: str, timeout_s: float) -> dict[str, Any]:
        """The job when it has ended, or as it is when the time is over."""
        deadline = time.monotonic() + timeout_s
        while (job := await self.job(job_id))["status"] not in ENDED:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.2)
        return job


@asynccontextmanager
async def lane(
    root: Path, rows_count: int | None, environ: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[Lane]:
    """A fresh platform under `root`; the folder stays.

    Ready for rounds of so many rows; with None nothing is published and nothing timed.
    """
    await asyncio.to_thread(_emptied, root)
    platform = Platform(root, **environ)
    try:
        await asyncio.to_thread(platform.start)
        async with Api(platform.url) as api:
            api.token = await _key(api, platform.password)
            activity = Subscriber(platform.url, api.token, ACTIVITY, after="0-0")
            following = asyncio.create_task(activity.run())
            made = Lane(platform, api, activity, "", 0.0)
            if rows_count is not None:
                await _warm_up(made, rows_count)
            yield made
            following.cancel()
            await asyncio.wait({following})
    finally:
        await asyncio.to_thread(platform.stop)


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


async def _key(api: Api, password: str) -> str:
    """An API key, which outlives the fifteen minutes of an access token."""
    session = await api.do(SIGN_IN, email="admin@localhost", password=password)
    api.token = session["accessToken"]
    scopes = ["READ", "PREDICT", "WRITE", "ADMIN"]
    key: str = (await api.do(CREATE_API_KEY, name="faults", scopes=scopes))["key"]
    return key


async def _warm_up(made: Lane, rows_count: int) -> None:
    """Train and publish a model, after a small one: so that it says how long one takes."""
    for name, count in (("warm", WARM_ROWS), (SERVED, rows_count)):
        version = await made.create(name, count)
        read = await made.ended(version["job"]["id"], 120)
        assert read["status"] == "SUCCEEDED", read
        began = time.monotonic()
        job = await made.ended(await made.train(version["id"], name, {}), 240)
        assert job["status"] == "SUCCEEDED", job
        made.expected_s = time.monotonic() - began
    found = await surely(made.api, MODEL_VERSION, id=job["modelVersion"]["id"])
    made.model_id = found["modelVersion"]["model"]["id"]
    await surely_do(
        made.api, PUBLISH_MODEL, modelId=made.model_id, versionId=job["modelVersion"]["id"]
    )
    await surely_do(made.api, PREDICT, model=SERVED, texts=["a first question"])
