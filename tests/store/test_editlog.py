"""The end of a model's log of cluster edits: one appends at a time, and nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from store import ids
from store.clock import now
from store.clusters.editlog import EditLog
from store.clusters.maps import MAX_EDITS
from store.errors import Conflict, IllegalMove
from store.records.cluster_edit import ClusterEdit, EditKind
from store.store import Store

MODEL = "mdl_1"


def edit(name: str = "A name") -> ClusterEdit:
    return ClusterEdit(
        ids.new(ids.CLUSTER_EDIT), MODEL, "usr_1", "mdv_1", EditKind.RENAMED, "usr_1", now(),
        ("clu_a",), name,
    )  # fmt: skip


async def names(store: Store) -> set[str | None]:
    found = await store.mongo.cluster_edits.all_by({"model_id": MODEL}, 100)
    return {each.name for each in found}


async def test_all_who_expect_nothing_append(store: Store) -> None:
    log = EditLog(mongo=store.mongo)
    await asyncio.gather(*(log.append(edit(f"name {n}"), None) for n in range(6)))
    assert await names(store) == {f"name {n}" for n in range(6)}


async def test_of_those_who_saw_the_same_log_one_appends(store: Store) -> None:
    log = EditLog(mongo=store.mongo)
    await log.append(edit("first"), 0)
    told = await asyncio.gather(
        *(log.append(edit(f"name {n}"), 1) for n in range(6)), return_exceptions=True
    )
    refused = [each for each in told if isinstance(each, Conflict)]
    assert len(refused) == 5
    assert {each.current_revision for each in refused} == {2}
    assert len(await names(store)) == 2


async def test_the_entry_of_one_who_died_is_written_by_the_next(store: Store) -> None:
    log, lost = EditLog(mongo=store.mongo), edit("lost")
    await log.append(edit("first"), 0)
    await store.mongo.cluster_logs.amend(MODEL, lambda kept: kept.ending(lost))
    with pytest.raises(Conflict):
        await log.append(edit("next"), 1)
    assert await names(store) == {"first", "lost"}
    await log.append(edit("next"), 2)
    assert await names(store) == {"first", "lost", "next"}


async def test_asked_again_it_is_there_once(store: Store) -> None:
    """Also where it was the last thing written, and its entry was not."""
    log, mine = EditLog(mongo=store.mongo), edit()
    for expected in (0, 0, None):
        await log.append(mine, expected)
    await store.mongo.cluster_edits.delete(mine.id)
    await log.append(mine, 0)
    assert await store.mongo.cluster_edits.count({}) == 1


async def test_a_full_log_takes_no_more(store: Store) -> None:
    log = EditLog(mongo=store.mongo)
    many = [replace(edit(), id=f"ced_{n}") for n in range(MAX_EDITS)]
    await store.mongo.cluster_edits.insert_many_ignoring_known(many)
    with pytest.raises(IllegalMove):
        await log.append(edit(), None)
