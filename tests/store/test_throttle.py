from __future__ import annotations

import asyncio

import pytest

from store.accounts.throttle import PER_ACCOUNT, PER_ADDRESS
from store.errors import Throttled
from store.store import Store


async def use_up_account(store: Store, account: str) -> None:
    for _ in range(PER_ACCOUNT.tries):
        await store.throttle.take(account=account)


async def test_an_account_has_so_many_tries_and_no_more(store: Store) -> None:
    await use_up_account(store, "ann@example.org")
    with pytest.raises(Throttled) as refused:
        await store.throttle.take(account="ann@example.org")
    assert PER_ACCOUNT.window_s - 5 < refused.value.retry_after_s <= PER_ACCOUNT.window_s
    await store.throttle.take(account="bob@example.org")


async def test_an_address_has_so_many_tries_over_all_accounts(store: Store) -> None:
    for number in range(PER_ADDRESS.tries):
        await store.throttle.take(account=f"{number}@example.org", address="192.0.2.1")
    with pytest.raises(Throttled):
        await store.throttle.take(account="new@example.org", address="192.0.2.1")
    await store.throttle.take(account="new@example.org", address="192.0.2.2")


async def test_a_refused_try_costs_the_other_counter_nothing(store: Store) -> None:
    await use_up_account(store, "ann@example.org")
    for _ in range(PER_ADDRESS.tries):
        with pytest.raises(Throttled):
            await store.throttle.take(account="ann@example.org", address="192.0.2.1")
    await store.throttle.take(account="bob@example.org", address="192.0.2.1")


async def test_tries_side_by_side_all_count(store: Store) -> None:
    tries = (store.throttle.take(account="ann@example.org") for _ in range(40))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert outcomes.count(None) == PER_ACCOUNT.tries


async def test_a_right_try_gives_back_what_it_took(store: Store) -> None:
    for _ in range(2 * PER_ADDRESS.tries):
        await store.throttle.take(account="ann@example.org", address="192.0.2.1")
        await store.throttle.give_back(account="ann@example.org", address="192.0.2.1")


async def test_giving_back_never_leaves_a_counter_without_an_end(store: Store) -> None:
    await store.throttle.give_back(account="ann@example.org", address="192.0.2.1")
    assert await store.redis.keys(f"{store.settings.redis_prefix}:throttle:*") == []
