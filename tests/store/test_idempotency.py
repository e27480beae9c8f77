from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from store.errors import IdempotencyMismatch
from store.idempotency import ABANDONED_AFTER
from store.store import Store


class Maker:
    """Makes `made-1`, `made-2`, ...: `made` counts them."""

    def __init__(self, takes_s: float = 0, fails: int = 0) -> None:
        self.made = 0
        self.takes_s, self.fails = takes_s, fails

    async def __call__(self) -> str:
        await asyncio.sleep(self.takes_s)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("not this time")
        self.made += 1
        return f"made-{self.made}"


async def test_the_same_request_makes_one_thing(store: Store) -> None:
    make = Maker()
    ids = [await store.idempotency.once("usr_1", "k", {"name": "a"}, make) for _ in range(3)]
    assert ids == ["made-1"] * 3
    assert make.made == 1


async def test_without_a_key_each_request_makes_one(store: Store) -> None:
    make = Maker()
    ids = [await store.idempotency.once("usr_1", None, {}, make) for _ in range(2)]
    assert ids == ["made-1", "made-2"]


async def test_keys_are_each_callers_own(store: Store) -> None:
    make = Maker()
    assert await store.idempotency.once("usr_1", "k", {}, make) == "made-1"
    assert await store.idempotency.once("usr_2", "k", {}, make) == "made-2"


async def test_another_request_under_the_same_key_is_refused(store: Store) -> None:
    make = Maker()
    await store.idempotency.once("usr_1", "k", {"name": "a"}, make)
    with pytest.raises(IdempotencyMismatch):
        await store.idempotency.once("usr_1", "k", {"name": "b"}, make)
    assert make.made == 1


async def test_twins_at_the_same_time_make_one_thing(store: Store) -> None:
    make = Maker(takes_s=0.2)
    twins = (store.idempotency.once("usr_1", "k", {}, make) for _ in range(8))
    assert await asyncio.gather(*twins) == ["made-1"] * 8
    assert make.made == 1


async def test_a_failed_first_leaves_the_key_to_its_twin(store: Store) -> None:
    make = Maker(takes_s=0.1, fails=1)
    twins = (store.idempotency.once("usr_1", "k", {}, make) for _ in range(2))
    outcomes = await asyncio.gather(*twins, return_exceptions=True)
    assert sorted(map(str, outcomes)) == ["made-1", "not this time"]


async def test_what_a_dead_process_began_is_taken_over_once(store: Store) -> None:
    await store.idempotency.once("usr_1", "k", {}, Maker())
    (call,) = await store.mongo.idempotency.all_by({}, 2)
    long_ago = replace(call, made_id=None, at=call.at - ABANDONED_AFTER)
    await store.mongo.idempotency.amend(call.id, lambda _: long_ago)
    make = Maker()
    twins = (store.idempotency.once("usr_1", "k", {}, make) for _ in range(4))
    assert await asyncio.gather(*twins) == ["made-1"] * 4
    assert make.made == 1
