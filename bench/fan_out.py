"""The embed stage by two worker processes beside one, each of them pinned to a core of its own.

The two take turns, pair by pair, over data sets of the same texts: a new data set has no vectors
yet. Each training runs to its end, so that no process that embeds is younger than another. While
one works alone the other is stopped. As in `bench.embedding`, a figure compares best rounds:
whatever else the machine does only ever slows one down.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.data import Missing, banking77
from bench.figure import Figure, at_least
from shoal.admin import settings_from
from shoal.folder import Folder
from shoal.stack import services
from store.clock import now
from store.datasets.datasets import Row
from store.records.job import Job, JobStatus
from store.records.training import TrainingSpec
from store.store import Store, open_store

PAIRS = 3
POLL_S = 0.1
ROOM_BYTES = 8 * 2**20
OWNER = "usr_bench"


async def fan_out() -> list[Figure]:
    """How many times the rows a second of one worker two have. Raises Missing."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        raise Missing("two cores to pin workers to")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as living:
        environ = living.enter_context(services(Folder(Path(scratch)), print))
        workers = [living.enter_context(_pinned(environ, core)) for core in cores[:2]]
        settings = settings_from(environ).model_copy(update={"max_inline_bytes": ROOM_BYTES})
        async with open_store(settings) as store:
            await _present(store, len(workers))
            await _rows_per_s(store)  # which makes the engine and warms both
            pairs = [await _pair(store, workers[1]) for _ in range(PAIRS)]
    one, two = (max(rates) for rates in zip(*pairs, strict=True))
    return [at_least("two_workers_times_one", two / one, 1.7, "x")]


async def _pair(store: Store, second: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Rows a second of one worker and of two."""
    second.send_signal(signal.SIGSTOP)
    try:
        one = await _rows_per_s(store)
    finally:
        second.send_signal(signal.SIGCONT)
    two = await _rows_per_s(store)
    print(f"# embedded rows/s: one worker {one:.0f}, two {two:.0f}, {two / one:.2f}x", flush=True)
    return one, two


async def _rows_per_s(store: Store) -> float:
    """Of the embed stage over banking77's training texts, as the job tells it."""
    texts = banking77("train")
    rows = [Row(text, label) for text, label in zip(texts.texts, texts.labels, strict=True)]
    made = await store.datasets.create_from_rows(OWNER, "texts", rows=rows)
    await _job(store, made.job.id, lambda job: job.status is JobStatus.SUCCEEDED)
    begun = await store.models.start_training(OWNER, made.version.id, TrainingSpec(), "texts")
    done = await _job(store, begun.id, lambda job: job.status is JobStatus.SUCCEEDED)
    return done.stage("embed").rows_per_s(now()) or 0.0


async def _job(store: Store, job_id: str, is_so: Callable[[Job], bool]) -> Job:
    """The job once that is so."""
    while True:
        job = await store.mongo.jobs.get(job_id)
        if is_so(job):
            return job
        await asyncio.sleep(POLL_S)


async def _present(store: Store, count: int) -> None:
    """Return when so many workers are there."""
    while True:
        if len(await store.presence.workers()) == count:
            return
        await asyncio.sleep(POLL_S)


@contextmanager
def _pinned(environ: Mapping[str, str], core: int) -> Iterator[subprocess.Popen[bytes]]:
    """A pipeline worker whose process and children have one core."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "workers.pipeline_worker"], env=environ, stderr=subprocess.DEVNULL
    )
    os.sched_setaffinity(worker.pid, {core})  # before it has a second thread
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait()
