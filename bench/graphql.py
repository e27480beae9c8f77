"""A page of 50 jobs through the whole stack against the same page from an app without guards.

Both are asked by one caller over one connection each, in turns, so that both see the same machine.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from bench.figure import Figure, at_most
from bench.platform import Platform
from store import ids
from store.clock import now
from store.records.account import Role
from store.records.job import STAGES, Job, JobKind, JobStatus
from store.records.stage import Stage
from store.store import Store, open_store

PAGE = """query Page { jobs(first: 50) { nodes {
  id kind status priority attempt createdAt startedAt endedAt worker revision
} } }"""
EMAIL, PASSWORD = "reader@example.com", "waves over quiet stones"
JOBS = 200
TURNS = 300
WARM_UP = 30
ROUNDS = 5


async def graphql(platform: Platform) -> list[Figure]:
    """The median of the ratios of each round's medians."""
    async with open_store(platform.settings) as store:
        user = await store.accounts.create_user(EMAIL, "Reader", Role.USER, PASSWORD)
        token = (await store.accounts.sign_in(EMAIL, PASSWORD)).access_token
        await _make_jobs(store, user.id)
        with _bare(store, user.id) as url:
            rounds = await _rounds((f"{platform.url}/graphql", url), token)
    for ours, bare in rounds:
        print(f"# a page of 50 jobs: {ours:.2f} ms, bare {bare:.2f} ms, {ours / bare:.2f}x")
    ratio = statistics.median(ours / bare for ours, bare in rounds)
    return [at_most("jobs_page_over_bare_strawberry", ratio, 1.3, "x")]


async def _rounds(urls: tuple[str, str], token: str) -> list[tuple[float, float]]:
    """The median milliseconds of a page, from us and from the bare app, round by round."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        await _until_ready(session, urls[1])
        for _ in range(WARM_UP):
            ours, bare = [await _page(session, url) for url in urls]
            if ours != bare:
                raise RuntimeError("the two answer with other jobs")
        return [await _round(session, urls) for _ in range(ROUNDS)]


async def _round(session: aiohttp.ClientSession, urls: tuple[str, str]) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(TURNS):
        for url, times in zip(urls, taken, strict=True):
            began = time.perf_counter()
            await _page(session, url)
            times.append((time.perf_counter() - began) * 1000)
    ours, bare = map(statistics.median, taken)
    return ours, bare


async def _page(session: aiohttp.ClientSession, url: str) -> list[str]:
    """The ids of the jobs in it."""
    async with session.post(url, json={"query": PAGE}) as reply:
        answer = await reply.json()
    if "errors" in answer:
        raise RuntimeError(str(answer)[:500])
    return [job["id"] for job in answer["data"]["jobs"]["nodes"]]


async def _until_ready(session: aiohttp.ClientSession, url: str) -> None:
    while True:
        try:
            await _page(session, url)
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.1)
        else:
            return


@contextmanager
def _bare(store: Store, owner: str) -> Iterator[str]:
    """The app without guards, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = store.settings
    arguments = [str(port), settings.mongo_db_uri, settings.database, owner]
    process = subprocess.Popen([sys.executable, "-m", "bench.bare_graphql", *arguments])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def _make_jobs(store: Store, owner: str) -> None:
    """Some that have ended: what seemed to run would keep jobs of other figures waiting."""
    stages = tuple(Stage(name) for name in STAGES[JobKind.INGEST])
    for _ in range(JOBS):
        about = owner, ids.new(ids.DATASET), ids.new(ids.DATASET_VERSION)
        await store.mongo.jobs.insert(
            Job(
                ids.new(ids.JOB),
                JobKind.INGEST,
                *about,
                now(),
                stages,
                JobStatus.SUCCEEDED,
                attempt=1,
                worker="bench",
                started_at=now(),
                ended_at=now(),
            )
        )
