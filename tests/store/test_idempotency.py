from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from store import ids
from store.datasets.inline_rows import Row
from store.errors import IdempotencyMismatch, InvalidValue, Unavailable
from store.idempotency import ABANDONED_AFTER
from store.store import Store


class Maker:
    """Makes the thing of an id; `made` is of those that it finished."""

    def __init__(self, takes_s: float = 0, *fails: Exception) -> None:
        self.asked: list[str] = []
        self.made: list[str] = []
        self.takes_s, self.fails = takes_s, list(fails)

    async def __call__(self, made_id: str) -> None:
        self.asked.append(made_id)
        await asyncio.sleep(self.takes_s)
        if self.fails:
            raise self.fails.pop(0)
        self.made.append(made_id)


async def once(
    store: Store, make: Any, key: str | None = "k", who: str = "usr_1", asked: object = "a"
) -> str:
    return await store.idempotency.once(who, key, asked, ids.JOB, make)


async def test_the_same_request_makes_one_thing(store: Store) -> None:
    make = Maker()
    told = [await once(store, make) for _ in range(3)]
    assert told == make.made * 3
    assert len(make.made) == 1
    assert ids.prefix_of(told[0]) == ids.JOB


async def test_without_a_key_each_request_makes_one(store: Store) -> None:
    make = Maker()
    assert [await once(store, make, key=None) for _ in range(2)] == make.made
    assert len(set(make.made)) == 2


async def test_keys_are_each_callers_own(store: Store) -> None:
    make = Maker()
    assert await once(store, make) != await once(store, make, who="usr_2")


async def test_another_request_under_the_same_key_is_refused(store: Store) -> None:
    make = Maker()
    await once(store, make)
    with pytest.raises(IdempotencyMismatch):
        await once(store, make, asked="b")
    assert len(make.made) == 1


async def test_twins_at_the_same_time_make_one_thing(store: Store) -> None:
    make = Maker(0.2)
    told = await asyncio.gather(*(once(store, make) for _ in range(8)))
    assert told == make.made * 8
    assert len(make.made) == 1


async def test_a_refused_first_leaves_the_key_to_its_twin(store: Store) -> None:
    make = Maker(0.1, InvalidValue("not so"))
    outcomes = await asyncio.gather(*(once(store, make) for _ in range(2)), return_exceptions=True)
    assert sorted(map(str, outcomes)) == sorted([*make.made, "not so"])


@pytest.mark.parametrize("fault", [Unavailable("mongodb", "no answer"), RuntimeError("broken")])
async def test_after_a_fault_the_same_thing_is_made(store: Store, fault: Exception) -> None:
    """It may be there although its maker was never told so."""
    make = Maker(0, fault)
    with pytest.raises(type(fault)):
        await once(store, make)
    assert await once(store, make) == make.asked[0]
    assert make.asked == [make.asked[0]] * 2


async def test_what_a_dead_process_began_is_taken_over_once(store: Store) -> None:
    begun = await once(store, Maker())
    (call,) = await store.mongo.idempotency.all_by({}, 2)
    long_ago = replace(call, is_done=False, at=call.at - ABANDONED_AFTER)
    await store.mongo.idempotency.amend(call.id, lambda _: long_ago)
    make = Maker(0.1)
    assert await asyncio.gather(*(once(store, make) for _ in range(4))) == [begun] * 4
    assert make.made == [begun]


async def test_a_data_set_asked_for_again_goes_on_where_it_was_left(store: Store) -> None:
    """Whatever was the last thing written when the first request died."""
    rows, version_id = [Row("a text", "a")], ids.new(ids.DATASET_VERSION)

    async def create() -> str:
        made = await store.datasets.create_from_rows(
            "usr_1", "Texts", rows=rows, version_id=version_id
        )
        assert made.version.id == version_id
        return made.dataset.id

    dataset_id = await create()
    await store.mongo.datasets.delete(dataset_id)
    assert await create() == dataset_id
    for records in (store.mongo.datasets, store.mongo.dataset_versions, store.mongo.jobs):
        assert await records.count({}) == 1
