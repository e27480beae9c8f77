"""Reading, conditional writing and paging of one collection, against a real server."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from store import ids
from store.clock import now
from store.errors import AlreadyExists, Conflict, IllegalMove, NotFound
from store.mongo.collection import MAX_TRIES
from store.records.account import Role, User
from store.records.dataset import DataKind, Dataset
from store.records.prediction import Prediction
from store.store import Store


def new_user(email: str = "a@b.c", **more: object) -> User:
    user = User(ids.new(ids.USER), email, "A", Role.USER, "hash", now())
    return replace(user, **more)  # type: ignore[arg-type]


def new_dataset(owner_id: str = "usr_a", **more: object) -> Dataset:
    dataset = Dataset(ids.new(ids.DATASET), owner_id, "n", "", DataKind.TEXT, now(), now())
    return replace(dataset, **more)  # type: ignore[arg-type]


def new_prediction() -> Prediction:
    return Prediction(
        id=ids.new(ids.PREDICTION), model_id="mdl_a", model_version_id="mdv_a", user_id="usr_a",
        text="t", label="l", probability=1.0, abstained=False, cluster=0, cached=False,
        latency_ms=0.5, at=now(),
    )  # fmt: skip


# -- reading --------------------------------------------------------------------------------------


async def test_a_record_reads_back_equal(store: Store) -> None:
    dataset = new_dataset(metadata={"a.b": "$x", "": "y"})
    assert await store.mongo.datasets.insert(dataset) == dataset
    assert await store.mongo.datasets.get(dataset.id) == dataset
    assert await store.mongo.datasets.find_by(owner_id="usr_a", name="n") == dataset


async def test_what_is_not_there_is_not_found(store: Store) -> None:
    assert await store.mongo.users.find("usr_none") is None
    assert await store.mongo.users.find_by(email="none") is None
    assert await store.mongo.users.get_many([]) == {}
    with pytest.raises(NotFound, match="there is no User usr_none"):
        await store.mongo.users.get("usr_none")
    with pytest.raises(NotFound):
        await store.mongo.users.amend("usr_none", lambda user: user.enabled())


async def test_many_are_read_by_id_in_one_call(store: Store) -> None:
    made = [await store.mongo.datasets.insert(new_dataset()) for _ in range(3)]
    wanted = [made[2].id, "ds_none", made[0].id]
    assert await store.mongo.datasets.get_many(wanted) == {
        made[0].id: made[0], made[2].id: made[2],
    }  # fmt: skip


async def test_pages_meet_without_overlap(store: Store) -> None:
    made = [await store.mongo.datasets.insert(new_dataset()) for _ in range(5)]
    await store.mongo.datasets.insert(new_dataset("usr_b"))
    mine = {"owner_id": "usr_a"}
    first = await store.mongo.datasets.page(mine, first=2)
    second = await store.mongo.datasets.page(mine, first=3, after_id=first.items[-1].id)
    assert (first.items, first.has_next) == ([made[4], made[3]], True)
    assert (second.items, second.has_next) == ([made[2], made[1], made[0]], False)
    oldest = await store.mongo.datasets.page(mine, first=1, after_id=made[0].id, descending=False)
    assert (oldest.items, oldest.has_next) == ([made[1]], True)
    assert (await store.mongo.datasets.page({}, first=9)).items[0].owner_id == "usr_b"
    assert await store.mongo.datasets.count(mine) == 5
    assert await store.mongo.datasets.all_by(mine, 2) == made[:2]


async def test_a_page_may_filter_by_id_as_well(store: Store) -> None:
    made = [await store.mongo.datasets.insert(new_dataset()) for _ in range(4)]
    some = {"_id": {"$in": [each.id for each in made[:3]]}}
    page = await store.mongo.datasets.page(some, first=9, after_id=made[2].id)
    assert page.items == [made[1], made[0]]


# -- writing --------------------------------------------------------------------------------------


async def test_a_unique_value_is_taken_once(store: Store) -> None:
    kept = await store.mongo.users.insert(new_user())
    other = await store.mongo.users.insert(new_user("b@b.c"))
    with pytest.raises(AlreadyExists, match=r"^email is taken$"):
        await store.mongo.users.insert(new_user())
    with pytest.raises(AlreadyExists, match=r"^id is taken$"):
        await store.mongo.users.insert(replace(kept, email="c@b.c"))
    with pytest.raises(AlreadyExists, match=r"^email is taken$"):
        await store.mongo.users.amend(other.id, lambda user: replace(user, email=kept.email))
    assert await store.mongo.users.count({}) == 2
    assert await store.mongo.users.get(other.id) == other


async def test_of_many_inserts_of_one_email_one_wins(store: Store) -> None:
    results = await asyncio.gather(
        *(store.mongo.users.insert(new_user()) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, AlreadyExists) for result in results) == 9


async def test_inserting_again_what_is_known_changes_nothing(store: Store) -> None:
    made = [new_prediction() for _ in range(5)]
    assert await store.mongo.predictions.insert_many_ignoring_known(made[:3]) == 3
    changed = [replace(each, text="other") for each in made]
    assert await store.mongo.predictions.insert_many_ignoring_known(changed) == 2
    assert await store.mongo.predictions.insert_many_ignoring_known([]) == 0
    kept = await store.mongo.predictions.all_by({}, 9)
    assert kept == made[:3] + changed[3:]


async def test_a_deleted_record_is_gone_once(store: Store) -> None:
    user = await store.mongo.users.insert(new_user())
    assert await store.mongo.users.delete(user.id) is True
    assert await store.mongo.users.delete(user.id) is False
    assert await store.mongo.users.find(user.id) is None


# -- amending -------------------------------------------------------------------------------------


async def test_a_move_is_written_with_the_next_revision(store: Store) -> None:
    user = await store.mongo.users.insert(new_user())
    moved = await store.mongo.users.amend(user.id, lambda kept: kept.role_changed(Role.ADMIN))
    assert moved == replace(user, role=Role.ADMIN, revision=1)
    assert await store.mongo.users.get(user.id) == moved


async def test_a_move_that_changes_nothing_is_not_written(store: Store) -> None:
    user = await store.mongo.users.insert(new_user())
    assert await store.mongo.users.amend(user.id, lambda kept: kept.enabled()) == user
    assert await store.mongo.users.get(user.id) == user


async def test_a_move_that_is_refused_changes_nothing(store: Store) -> None:
    user = await store.mongo.users.insert(new_user())

    def refuse(_: User) -> User:
        raise IllegalMove("no")

    with pytest.raises(IllegalMove, match=r"^no$"):
        await store.mongo.users.amend(user.id, refuse)
    assert await store.mongo.users.get(user.id) == user


async def test_concurrent_moves_are_all_made(store: Store) -> None:
    dataset = await store.mongo.datasets.insert(new_dataset())

    def counted(kept: Dataset) -> Dataset:
        return replace(kept, version_count=kept.version_count + 1)

    moved = await asyncio.gather(
        *(store.mongo.datasets.amend(dataset.id, counted) for _ in range(8))
    )
    assert sorted(each.version_count for each in moved) == [1, 2, 3, 4, 5, 6, 7, 8]
    kept = await store.mongo.datasets.get(dataset.id)
    assert (kept.version_count, kept.revision) == (8, 8)


async def test_an_expected_revision_that_has_passed_is_a_conflict(store: Store) -> None:
    user = await store.mongo.users.insert(new_user())
    disabled = await store.mongo.users.amend(
        user.id, lambda kept: kept.disabled(now()), expected_revision=0
    )
    with pytest.raises(Conflict, match="it is at revision 1"):
        await store.mongo.users.amend(user.id, lambda kept: kept.enabled(), expected_revision=0)
    assert await store.mongo.users.get(user.id) == disabled


async def test_a_record_that_never_stands_still_is_a_conflict(store: Store) -> None:
    user = await store.mongo.users.insert(new_user())
    raw = store.mongo.database["users"].delegate
    tries = 0

    def outrun(kept: User) -> User:
        """Somebody else writes between the read and the write, every time."""
        nonlocal tries
        tries += 1
        raw.update_one({"_id": user.id}, {"$inc": {"revision": 1}})
        return kept.role_changed(Role.ADMIN)

    with pytest.raises(Conflict, match="too many at once"):
        await store.mongo.users.amend(user.id, outrun)
    assert tries == MAX_TRIES
    assert (await store.mongo.users.get(user.id)).role is Role.USER
