"""Pages that are read between two ids are those that the plain query gives, whatever the times."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ulid import ULID

from store.mongo import Collection
from store.mongo.windows import MARK
from store.records.prediction import Prediction
from store.store import Store

DAY_MS = 24 * 3600 * 1000
BEGAN_MS = 1_700_000_000_000
LABELS, USERS, MODELS = ["a", "b", "c"], ["usr_a", "usr_b", "usr_rare"], ["mdl_a", "mdl_b"]
RECORDS, CASES = 700, 120


@pytest.fixture(autouse=True)
def many_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few hundred records are cut as often as a few hundred thousand."""
    monkeypatch.setattr("store.mongo.windows.EVERY", {2: 32, 1: 4})
    monkeypatch.setattr("store.mongo.windows.MANY", 0)


@pytest.fixture
async def plain(store: Store) -> AsyncIterator[Collection[Prediction]]:
    """Filled; asked as any MongoDB is."""
    await store.mongo.predictions.insert_many_ignoring_known(made(random.Random(7)))
    yield Collection(Prediction, store.mongo.database["predictions"])


def made(chance: random.Random) -> list[Prediction]:
    """In bursts of equal milliseconds, streams and long silences."""
    records, at_ms = [], BEGAN_MS
    for _ in range(RECORDS):
        at_ms += chance.choice([0, 0, 0, 1, 7, 1000, 1000, 60_000])
        if chance.random() < 0.01:
            at_ms += chance.randrange(90) * DAY_MS
        identifier = f"prd_{ULID(at_ms.to_bytes(6, 'big') + chance.randbytes(10))}"
        user = chance.choices(USERS, [60, 39, 1])[0]
        corrected = "b" if chance.random() < 0.05 else None
        records.append(
            Prediction(
                id=identifier, model_id=chance.choice(MODELS), model_version_id="mdv_a",
                user_id=user, text="t", label=chance.choice(LABELS), probability=1.0,
                abstained=chance.random() < 0.1, cluster=0, cached=False, latency_ms=0.5,
                at=datetime.fromtimestamp(at_ms / 1000, UTC), correction=corrected,
            )
        )  # fmt: skip
    return records


def some_filter(chance: random.Random, ids: list[str]) -> dict[str, Any]:
    options: list[dict[str, Any]] = [
        {"model_id": chance.choice(MODELS)},
        {"model_id": {"$in": chance.choice([MODELS, MODELS[:1] * 2, []])}},
        {"user_id": chance.choice([*USERS, "usr_nobody"])},
        {"label": chance.choice([*LABELS, "none"])},
        {"correction": {"$ne": None}},
        {"correction": None},
        {"abstained": True},
        {"$or": [{"label": "a"}, {"abstained": True}]},
        {"$and": [{"model_id": {"$in": MODELS[:1]}}]},
        {"_id": {"$gte": chance.choice(ids)}},
        {"_id": {"$gt": ids[50], "$lt": ids[-50]}},
        {"_id": {"$in": chance.sample(ids, 9)}},
        {"_id": chance.choice(ids)},
    ]
    where: dict[str, Any] = {}
    for each in chance.sample(options, chance.choice([0, 1, 1, 2, 2, 3])):
        where |= each
    return where


async def test_any_page_is_that_of_the_plain_query(
    store: Store, plain: Collection[Prediction]
) -> None:
    chance = random.Random(11)
    ids = sorted(each.id for each in await plain.all_by({}, RECORDS))
    beyond = ["prd_0", "prd_Z", f"prd_{ULID()}"]
    for _ in range(CASES):
        where = some_filter(chance, ids)
        asked: dict[str, Any] = {
            "first": chance.choice([1, 2, 20, 50, RECORDS]),
            "after_id": chance.choice([None, None, chance.choice(ids), chance.choice(beyond)]),
            "descending": chance.random() < 0.5,
        }
        expected = await plain.page(where, **asked)
        assert await store.mongo.predictions.page(where, **asked) == expected, (where, asked)


@pytest.mark.parametrize("descending", [True, False])
async def test_all_pages_together_are_everything_once(
    store: Store, plain: Collection[Prediction], descending: bool
) -> None:
    ids = sorted((each.id for each in await plain.all_by({}, RECORDS)), reverse=descending)
    walked: list[str] = []
    has_next = True
    while has_next:
        after = walked[-1] if walked else None
        page = await store.mongo.predictions.page(
            {}, first=60, after_id=after, descending=descending
        )
        walked += [each.id for each in page.items]
        has_next = page.has_next
    assert walked == ids
    assert await store.mongo.predictions.count({}) == len(ids) == RECORDS


async def test_marks_are_hints(store: Store, plain: Collection[Prediction]) -> None:
    """Records from elsewhere have none."""
    records = store.mongo.database["predictions"]
    assert await records.count_documents({MARK: {"$gt": 0}}) > RECORDS / 8
    await records.update_many({}, {"$unset": {MARK: ""}})
    for after in (None, "prd_0", "prd_Z"):
        expected = await plain.page({"model_id": "mdl_a"}, first=20, after_id=after)
        found = await store.mongo.predictions.page({"model_id": "mdl_a"}, first=20, after_id=after)
        assert found == expected


async def test_a_mark_stays_when_its_record_is_written_again(
    store: Store, plain: Collection[Prediction]
) -> None:
    documents = store.mongo.database["predictions"]
    marked = await documents.find_one({MARK: 1})
    assert marked is not None
    await store.mongo.predictions.amend(marked["_id"], lambda each: replace(each, label="z"))
    assert await documents.find_one({"_id": marked["_id"], MARK: 1, "label": "z"})


async def test_the_oldest_are_deleted_first(store: Store, plain: Collection[Prediction]) -> None:
    where = {"model_id": "mdl_a", "correction": None}
    before = [each.id for each in await plain.all_by(where, RECORDS)]
    assert await store.mongo.predictions.delete_some(where, 100) == 100
    assert [each.id for each in await plain.all_by(where, RECORDS)] == before[100:]
