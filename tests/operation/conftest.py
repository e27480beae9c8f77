"""A platform with a bit of everything in it, and an empty place to restore it to."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import pytest

from store import ids
from store.clock import now
from store.datasets.inline_rows import Row
from store.events import Feed
from store.objects import keys
from store.records.account import Role
from store.records.audit import AuditEntry, Outcome
from store.records.event import Event
from store.records.job import Job
from store.records.model import BundleFile
from store.records.prediction import Decision, Prediction
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import S3_KEY, S3_SECRET, make_settings
from tests.store.sending import send
from tests.store.test_models import add, training

OWNER = "usr_owner"
FILE = b">seq1\nACGT\n"
Elsewhere = Callable[..., Settings]


@dataclass(frozen=True)
class Filled:
    """What `fill` put into a store."""

    running: Job
    ended: Job
    upload_id: str
    events: list[Event]
    prediction: Prediction


@pytest.fixture
def elsewhere(mongo_uri: str, redis_url: str, tmp_path: Path) -> Elsewhere:
    """Settings of another, empty installation."""

    def make(**more: object) -> Settings:
        return make_settings(mongo_uri, redis_url, tmp_path / "elsewhere", **more)

    return make


@pytest.fixture
def in_s3(s3_endpoint: str) -> dict[str, object]:
    return {
        "MINIO_ENDPOINT": s3_endpoint, "MINIO_ACCESS_KEY": S3_KEY, "MINIO_SECRET_KEY": S3_SECRET,
    }  # fmt: skip


@pytest.fixture
async def filled(store: Store) -> Filled:
    return await fill(store)


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[Settings], Awaitable[Store]]]:
    """Opens stores that are closed when the test ends."""
    stack = []

    async def open_one(settings: Settings) -> Store:
        manager = open_store(settings)
        stack.append(manager)
        return await manager.__aenter__()

    yield open_one
    for manager in reversed(stack):
        await manager.__aexit__(None, None, None)


async def uploaded(store: Store) -> str:
    """The id of an upload that is complete."""
    upload, ticket = await store.uploads.create(OWNER, "genes.fna", len(FILE))
    await send(store.objects, ticket.parts[0], FILE)
    await store.uploads.complete(upload.id, OWNER)
    return upload.id


async def fill(store: Store) -> Filled:
    """Rows, an upload, a model with a bundle, a job at work and one at its end, answers, audit."""
    await store.accounts.create_user("a@example.org", "A", Role.ADMIN, "correct horse battery 9")
    rows = [Row("hello", "greeting"), Row("bye", "farewell")]
    made = await store.datasets.create_from_rows(OWNER, "Greetings", rows=rows)
    upload_id = await uploaded(store)
    ended = await add_model(store)
    running = await store.jobs.claim(made.job.id, "host:1")
    for number in range(3):
        entry = AuditEntry("publishModel", Outcome.DONE, actor_id=OWNER, request_id=str(number))
        await store.audit.append(entry)
    prediction = await log_prediction(store, ended)
    page = await store.events.page(Feed.everything(), None, 100)
    return Filled(running, ended, upload_id, page.events, prediction)


async def add_model(store: Store) -> Job:
    """A model version with a file of its bundle; its training, which has succeeded."""
    data = b"some weights"
    digest = hashlib.sha256(data).hexdigest()
    await store.objects.put_bytes(keys.blob(digest), data)
    job = await training(store)
    version = await store.mongo.dataset_versions.get(job.dataset_version_id or "")
    for shard, key in zip(version.shards, ("datasets/x/shard-00000.parquet",), strict=True):
        await store.objects.put_bytes(key, b"rows")
        whole = replace(shard, object_key=key, sha256=hashlib.sha256(b"rows").hexdigest())
        source = replace(version.source, object_key=key, sha256=whole.sha256)
        moved = replace(version, shards=(whole,), source=source)
        await store.mongo.dataset_versions.amend(version.id, lambda _, moved=moved: moved)
    job = await store.jobs.claim(job.id, "host:2")
    made = await add(store, job, files=(BundleFile("manifest.json", digest, len(data)),))
    job = await store.jobs.commit(job, made.id)
    return await store.jobs.succeed(job)


async def log_prediction(store: Store, job: Job) -> Prediction:
    """An answer that is in the log of Redis and not in MongoDB yet."""
    prediction = Prediction(
        id=ids.new(ids.PREDICTION), user_id=OWNER, model_id=job.model_id or "",
        model_version_id=job.model_version_id or "", text="hello", label="greeting",
        probability=0.9, abstained=False, cluster=None, cached=False, latency_ms=1.0, at=now(),
        decision=Decision.ANSWER,
    )  # fmt: skip
    log = f"{store.settings.redis_prefix}:predictions:log"
    await store.redis.xadd(log, {b"p": orjson.dumps([prediction])})
    return prediction
