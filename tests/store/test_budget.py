"""Buckets of points: what is taken, refused, given back, and comes back by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from store.clock import now
from store.errors import RateLimited, TooExpensive
from store.limits.budget import EMPTIED_EACH_S
from store.records.account import Role, Scope, User
from store.records.points import Left
from store.records.viewer import Viewer
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import make_settings

SLOW = {"user_points": 100, "user_points_per_s": 1, "key_points": 60, "key_points_per_s": 1}
"""Hardly anything comes back while a test runs."""


@pytest.fixture
def settings(mongo_uri: str, redis_url: str, tmp_path: Path) -> Settings:
    return make_settings(mongo_uri, redis_url, tmp_path, **SLOW)


def viewer(name: str = "ann", key: str | None = None) -> Viewer:
    user = User(f"usr_{name}", f"{name}@example.org", name, Role.USER, "-", now())
    return Viewer(user, frozenset(Scope), api_key_id=key)


async def take(store: Store, who: Viewer, points: int) -> Left:
    left = await store.budget.take(who, points)
    assert left is not None
    return left


async def test_points_are_taken_until_there_are_none(store: Store) -> None:
    assert (await take(store, viewer(), 70)).available == 30
    with pytest.raises(RateLimited) as refused:
        await store.budget.take(viewer(), 50)
    assert 15 < refused.value.retry_after_s <= 20
    assert (await take(store, viewer(), 30)).available in (0, 1)


async def test_users_have_buckets_of_their_own(store: Store) -> None:
    await take(store, viewer("ann"), 100)
    assert (await take(store, viewer("bob"), 1)).available == 99


async def test_points_come_back_with_time(mongo_uri: str, redis_url: str, tmp_path: Path) -> None:
    fast = SLOW | {"user_points_per_s": 1_000}
    async with open_store(make_settings(mongo_uri, redis_url, tmp_path, **fast)) as store:
        await take(store, viewer(), 100)
        with pytest.raises(RateLimited) as refused:
            await store.budget.take(viewer(), 100)
        await asyncio.sleep(refused.value.retry_after_s)
        assert (await take(store, viewer(), 100)).available <= 5
        await asyncio.sleep(0.2)
        assert await store.redis.keys(f"{store.settings.redis_prefix}:budget:*") == []


async def test_a_key_takes_from_its_own_bucket_and_from_its_owners(store: Store) -> None:
    first, second = viewer(key="key_1"), viewer(key="key_2")
    left = await take(store, first, 60)
    assert (left.capacity, left.available) == (60, 0)
    with pytest.raises(RateLimited):
        await store.budget.take(first, 5)
    left = await take(store, second, 30)  # the owner has 10 left, the key 30
    assert (left.capacity, left.available) == (100, 10)
    with pytest.raises(RateLimited):
        await store.budget.take(second, 20)
    assert (await take(store, viewer(), 10)).available <= 1


async def test_a_refusal_takes_nothing_from_either_bucket(store: Store) -> None:
    await take(store, viewer(), 90)
    for _ in range(5):
        with pytest.raises(RateLimited):
            await store.budget.take(viewer(key="key_1"), 50)
    assert (await take(store, viewer(), 10)).available <= 1


async def test_what_can_never_be_had_is_told(store: Store) -> None:
    with pytest.raises(TooExpensive, match="101 points, and 100 are the most"):
        await store.budget.take(viewer(), 101)
    with pytest.raises(TooExpensive):
        await store.budget.take(viewer(key="key_1"), 61)
    assert (await take(store, viewer(), 100)).available <= 1


async def test_of_many_at_once_no_more_pass_than_there_are_points(store: Store) -> None:
    tries = (store.budget.take(viewer(), 10) for _ in range(40))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Left) for each in outcomes) == 10
    assert sum(isinstance(each, RateLimited) for each in outcomes) == 30


async def test_of_many_servers_no_more_pass_than_there_are_points(settings: Settings) -> None:
    async with open_store(settings) as one, open_store(settings) as other:
        tries = ((one, other)[n % 2].budget.take(viewer(), 1) for n in range(300))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
    passed = sum(isinstance(each, Left) for each in outcomes)
    assert 99 <= passed <= 101  # each may have one in its purse, and one comes back in a second


async def test_small_operations_are_paid_from_the_purse(
    mongo_uri: str, redis_url: str, tmp_path: Path
) -> None:
    async with open_store(make_settings(mongo_uri, redis_url, tmp_path)) as store:
        await take(store, viewer(), 1)
        asked = await store.redis.info("commandstats")
        for _ in range(50):
            await take(store, viewer(), 2)
            store.budget.give_back(viewer(), 1)
        again = await store.redis.info("commandstats")
        calls = [each["cmdstat_evalsha"]["calls"] for each in (asked, again)]
        assert calls[1] - calls[0] <= 5


async def test_unused_points_come_back_with_the_next_operation(store: Store) -> None:
    await take(store, viewer(), 100)
    store.budget.give_back(viewer(), 40)
    store.budget.give_back(viewer(), 30)
    assert (await take(store, viewer(), 70)).available <= 1


async def test_unused_points_come_back_though_nobody_asks(settings: Settings) -> None:
    async with open_store(settings) as one, open_store(settings) as other:
        await take(one, viewer(), 100)
        one.budget.give_back(viewer(), 80)
        async with asyncio.timeout(20 * EMPTIED_EACH_S):
            while (await take(other, viewer(), 0)).available < 80:
                await asyncio.sleep(EMPTIED_EACH_S / 10)


async def test_unused_points_come_back_when_a_server_stops(settings: Settings) -> None:
    async with open_store(settings) as other:
        async with open_store(settings) as one:
            await take(one, viewer(), 100)
            one.budget.give_back(viewer(), 80)
        assert (await take(other, viewer(), 0)).available >= 80


async def test_no_more_comes_back_than_there_is_room_for(store: Store) -> None:
    await take(store, viewer(), 10)
    store.budget.give_back(viewer(), 1_000)
    left = await take(store, viewer(), 0)
    assert left.available == 100
    assert (left.full_at - now()).total_seconds() < 0.5


async def test_nobody_is_held_back_while_redis_is_away(settings: Settings) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with open_store(away) as store:
        for _ in range(5):
            assert await store.budget.take(viewer(), 100) is None
        with pytest.raises(TooExpensive):
            await store.budget.take(viewer(), 101)


async def test_the_bucket_says_when_it_is_full(store: Store) -> None:
    left = await take(store, viewer(), 30)
    assert 25 < (left.full_at - now()).total_seconds() <= 30.5
