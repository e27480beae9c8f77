"""Pages of long lists against a page of a short one, in the embedded database.

Both are asked in turns. What SecantusDB takes grows with all that it looks at, so a page that takes
a few times as long in a list that is a thousand times as long was found and not looked for.

The services are this group's own: beside a platform's readers, whose views of the records all wait
for an index that is being built, building one takes minutes and not seconds.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pymongo

from bench.figure import Figure, at_most
from bench.platform import Stopwatch
from shoal.admin import settings_from
from shoal.folder import Folder
from shoal.stack import services
from store import ids
from store.clock import now
from store.mongo import Collection, Collections, Migrator, open_unchecked
from store.mongo.collection import Record, to_document
from store.records.job import STAGES, Job, JobKind, JobStatus
from store.records.prediction import Prediction
from store.records.stage import Stage
from store.settings import Settings

PREDICTIONS, JOBS, SHORT = 200_000, 50_000, 200
AT_ONCE = 1_000
TURNS, FIRST = 15, 50
DAYS = 30
FILL_S = 600
MODELS = ["mdl_a", "mdl_b"]
USERS, USER_SHARES = ["usr_most", "usr_many", "usr_few"], [60, 39, 1]
PREFIXES = {"predictions": ids.PREDICTION, "jobs": ids.JOB}


@dataclass(frozen=True)
class List:
    """One as somebody asks for it."""

    name: str
    collection: str
    where: dict[str, Any]
    is_deep: bool = False
    descending: bool = True


ENDED = [JobStatus.SUCCEEDED.value, JobStatus.FAILED.value, JobStatus.CANCELLED.value]
WAITING = [JobStatus.QUEUED.value, JobStatus.RUNNING.value]
LISTS = (
    List("all", "predictions", {}),
    List("all, deep", "predictions", {}, is_deep=True),
    List("all, the oldest first", "predictions", {}, descending=False),
    List("a model's", "predictions", {"model_id": "mdl_a"}),
    List("a user's with 1 in 100", "predictions", {"user_id": "usr_few"}),
    List("of one label in 20", "predictions", {"model_id": "mdl_a", "label": "label 3"}),
    List("all", "jobs", {}),
    List("all, deep", "jobs", {}, is_deep=True),
    List("an owner's", "jobs", {"owner_id": "usr_many"}),
    List("an owner's that ended", "jobs", {"owner_id": "usr_many", "status": {"$in": ENDED}}),
    List("waiting, 1 in 1,000", "jobs", {"status": {"$in": WAITING}}),
    List("of one kind", "jobs", {"kind": JobKind.TRAIN.value}),
)


async def lists() -> list[Figure]:
    """The worst ratio of medians among the lists of each collection, over all of a short one."""
    ratios: dict[str, list[float]] = {"predictions": [], "jobs": []}
    async with AsyncExitStack() as living:
        scratch = living.enter_context(tempfile.TemporaryDirectory())
        environ = living.enter_context(services(Folder(Path(scratch)), print))
        long, short = [
            await living.enter_async_context(open_unchecked(_settings(environ, name)))
            for name in ("lists_long", "lists_short")
        ]
        watch = Stopwatch()
        await _fill(long, PREDICTIONS, JOBS)
        await _fill(short, SHORT, SHORT)
        print(f"# {PREDICTIONS:,} predictions and {JOBS:,} jobs made in {watch.seconds:.0f} s")
        for each in LISTS:
            ratios[each.collection].append(await _ratio(each, long, short))
        for name in ratios:
            await _count(long, name)
    return [
        at_most("predictions_page_of_200000_over_200", max(ratios["predictions"]), 16, "x"),
        at_most("jobs_page_of_50000_over_200", max(ratios["jobs"]), 6, "x"),
    ]


async def _ratio(asked: List, long: Collections, short: Collections) -> float:
    middle = ids.earliest(PREFIXES[asked.collection], now() - timedelta(days=DAYS) / 2)
    after = middle if asked.is_deep else None
    ours, simple = [], []
    for _ in range(TURNS):
        ours.append(
            await _page_ms(long, asked.collection, asked.where, after, descending=asked.descending)
        )
        simple.append(await _page_ms(short, asked.collection, {}))
    page, least = statistics.median(ours), statistics.median(simple)
    print(f"# {asked.collection}, {asked.name}: {page:.1f} ms, all of a short list {least:.1f} ms")
    return page / least


async def _page_ms(
    mongo: Collections, name: str, where: dict[str, Any], after: str | None = None, *,
    descending: bool = True,
) -> float:  # fmt: skip
    collection: Collection[Any] = getattr(mongo, name)
    watch = Stopwatch()
    page = await collection.page(where, first=FIRST, after_id=after, descending=descending)
    taken_ms = watch.seconds * 1000
    if not page.items:
        raise RuntimeError(f"there is no page of {name} {where}")
    return taken_ms


async def _count(mongo: Collections, name: str) -> None:
    watch = Stopwatch()
    found = await getattr(mongo, name).count({})
    print(f"# {found:,} {name} counted in {watch.seconds:.2f} s")


def _settings(environ: Mapping[str, str], database: str) -> Settings:
    changed = {"database": database, "service_timeout_s": float(FILL_S)}
    return settings_from(environ).model_copy(update=changed)


# -- records --------------------------------------------------------------------------------------


async def _fill(mongo: Collections, predictions: int, jobs: int) -> None:
    """Before there are indexes, which are then made at once."""
    for name, made in (("predictions", _predictions(predictions)), ("jobs", _jobs(jobs))):
        while some := [to_document(each) for each in islice(made, AT_ONCE)]:
            await mongo.database[name].insert_many(some, ordered=False)
    with pymongo.timeout(FILL_S):
        await Migrator(mongo.database).migrate()


def _times(count: int) -> Iterator[datetime]:
    """In bursts, with nights of nothing between them."""
    begins = now() - timedelta(days=DAYS)
    for number in range(count):
        day, share = divmod(number * DAYS / count, 1)
        yield begins + timedelta(days=day, hours=8 * share)


def _predictions(count: int) -> Iterator[Record]:
    chance = random.Random(1)
    for number, at in enumerate(_times(count)):
        yield Prediction(
            id=ids.derived(ids.PREDICTION, at, str(number)), model_id=chance.choice(MODELS),
            model_version_id="mdv_a", user_id=chance.choices(USERS, USER_SHARES)[0],
            text=f"question {number}: when will what I ordered last week be here?",
            label=f"label {chance.randrange(20)}", probability=0.9, abstained=False, cluster=1,
            cached=False, latency_ms=2.0, at=at,
        )  # fmt: skip


def _jobs(count: int) -> Iterator[Record]:
    chance = random.Random(2)
    for number, at in enumerate(_times(count)):
        kind = chance.choice([JobKind.INGEST, JobKind.TRAIN])
        status = JobStatus.QUEUED if chance.random() < 0.001 else JobStatus.SUCCEEDED
        yield Job(
            ids.derived(ids.JOB, at, str(number)), kind, chance.choices(USERS, USER_SHARES)[0],
            f"ds_{number % 500}", f"dsv_{number % 900}", at,
            tuple(Stage(name) for name in STAGES[kind]), status, attempt=1,
        )  # fmt: skip
