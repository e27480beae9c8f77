"""The child process: its answers, and the ways in which it can end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store.codec import from_plain, to_plain
from store.records.dataset import Columns, DataKind
from workers.children.isolation import Child, ChildDied, Nursery, StageFault
from workers.pipeline.ingest import Ingested, IngestRequest
from workers.pipeline.progress import BadData, Cancelled

REQUEST = IngestRequest(
    filename="rows.csv", kind=DataKind.TEXT, format=None, columns=Columns(), base_shards=()
)


@pytest.fixture
async def child(nursery: Nursery) -> AsyncIterator[Child]:
    taken = await nursery.take()
    yield taken
    await nursery.give_back(taken)


async def ignore(done: int, total: int) -> None:
    pass


def call(folder: Path, content: str | None) -> dict[str, Any]:
    raw = folder / "raw"
    if content is not None:
        raw.write_text(content)
    plain = to_plain(REQUEST)
    return {"call": "ingest", "raw": str(raw), "out": str(folder / "out"), "request": plain}


def many_rows(count: int) -> str:
    return "text,label\n" + "".join(f"this is row {n},l{n % 3}\n" for n in range(count))


async def test_a_result_comes_back_with_its_progress(child: Child, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    async def tell(done: int, total: int) -> None:
        told.append((done, total))

    result = await child.run(call(tmp_path, many_rows(500)), tell)
    assert from_plain(Ingested, result).profile.rows == 500
    assert told


async def test_bad_data_arrives_with_its_problems(child: Child, tmp_path: Path) -> None:
    with pytest.raises(BadData) as caught:
        await child.run(call(tmp_path, ""), ignore)
    assert caught.value.code
    assert caught.value.problems[0].fix


async def test_a_fault_leaves_the_child_fit_for_the_next_request(
    child: Child, tmp_path: Path
) -> None:
    said: list[dict[str, Any]] = []
    with pytest.raises(StageFault) as caught:
        await child.run(call(tmp_path, None), ignore, said.append)
    assert caught.value.code == "STAGE_FAILED"
    assert [record["level"] for record in said] == ["ERROR"]
    assert "Traceback" in said[0]["message"] and "FileNotFoundError" in said[0]["message"]
    result = await child.run(call(tmp_path, many_rows(20)), ignore)
    assert from_plain(Ingested, result).profile.rows == 20
    assert child.is_fit


async def test_asked_to_stop_it_stops_at_the_next_batch(child: Child, tmp_path: Path) -> None:
    started = asyncio.Event()

    async def begun(done: int, total: int) -> None:
        started.set()

    running = asyncio.create_task(child.run(call(tmp_path, many_rows(300_000)), begun))
    await started.wait()
    await child.ask_to_stop()
    with pytest.raises(Cancelled):
        await running


async def test_killed_it_is_a_named_event(child: Child, tmp_path: Path) -> None:
    started = asyncio.Event()

    async def begun(done: int, total: int) -> None:
        started.set()

    running = asyncio.create_task(child.run(call(tmp_path, many_rows(300_000)), begun))
    await started.wait()
    child.kill()
    with pytest.raises(ChildDied, match="memory"):
        await running


async def test_a_spare_is_used_again_while_it_is_fit(tmp_path: Path) -> None:
    nursery = Nursery()
    await nursery.restock()
    child = await nursery.take()
    await child.run(call(tmp_path, many_rows(20)), ignore)
    await nursery.give_back(child)
    assert await nursery.take() is child
    with pytest.raises(BadData):
        await child.run(call(tmp_path, ""), ignore)
    await nursery.give_back(child)
    assert await nursery.take() is child
    child.kill()
    with pytest.raises(ChildDied):
        await child.run(call(tmp_path, many_rows(20)), ignore)
    await nursery.give_back(child)
    other = await nursery.take()
    assert other is not child
    assert not child.is_fit
    await other.close()


async def test_a_child_for_each_slot_and_no_more() -> None:
    nursery = Nursery(slots=2)
    await nursery.restock()
    one = await nursery.take()
    await nursery.restock()
    two = await nursery.take()
    await nursery.restock()  # both slots have theirs at work
    third = await nursery.take()
    assert len({one.pid, two.pid, third.pid}) == 3
    for child in (third, two, one):
        await nursery.give_back(child)
    kept = {await nursery.take(), await nursery.take()}
    assert kept <= {one, two, third}
    assert sum(not child.is_fit for child in (one, two, third)) == 1
    for child in kept:
        await nursery.give_back(child)
    await nursery.close()
    assert not any(child.is_fit for child in kept)
