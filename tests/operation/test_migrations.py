"""Migrations: once each, in order, whoever else starts; and who may begin on which records."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store.errors import NewerData, NotMigrated
from store.mongo import Collections, Migrator, open_collections, open_unchecked
from store.mongo.indexes import INDEXES
from store.mongo.migrations import MIGRATIONS, Database, Migration
from store.mongo.windows import MARK, mark_of
from store.settings import Settings
from tests.conftest import make_settings

KNOWN_INDEXES = {1: "77c86184", 2: "1c3876ae"}
"""What INDEXES looked like when the last migration that makes indexes was written."""


class PowerCut(BaseException):
    pass


@pytest.fixture
def settings(mongo_uri: str, redis_url: str, tmp_path: Path) -> Settings:
    """With a database that nobody has made ready."""
    return make_settings(mongo_uri, redis_url, tmp_path)


@pytest.fixture
async def mongo(settings: Settings) -> AsyncIterator[Collections]:
    async with open_unchecked(settings) as opened:
        yield opened


def migrations(log: list[str], dies_at: int | None = None) -> list[Migration]:
    """A field is added to every row, then renamed; the second may be cut off after some rows."""

    async def add(database: Database) -> None:
        log.append("add")
        await database["rows"].update_many({"size": None}, {"$set": {"size": 1}})

    async def rename(database: Database) -> None:
        log.append("rename")
        left = await database["rows"].find({"bytes": None}).to_list(None)
        for number, row in enumerate(left):
            if number == dies_at:
                raise PowerCut
            change: dict[str, Any] = {"$set": {"bytes": row["size"]}, "$unset": {"size": ""}}
            await database["rows"].update_one({"_id": row["_id"]}, change)

    return [Migration(1, "add", "Adds.", add), Migration(2, "rename", "Renames.", rename)]


async def fill(mongo: Collections) -> None:
    await mongo.database["rows"].insert_many([{"_id": n} for n in range(6)])


async def rows(mongo: Collections) -> list[dict[str, Any]]:
    return await mongo.database["rows"].find({}).sort("_id", 1).to_list(None)


DONE = [{"_id": n, "bytes": 1} for n in range(6)]


def test_the_files_are_numbered_without_a_gap() -> None:
    assert [each.number for each in MIGRATIONS] == [*range(1, len(MIGRATIONS) + 1)]
    assert all(each.what.endswith((".", ";")) and len(each.what) < 100 for each in MIGRATIONS)


def test_an_index_that_is_changed_has_a_migration() -> None:
    """An installation that is there would never get it: make a migration, then renew the mark."""
    plain = {name: [index.document for index in each] for name, each in INDEXES.items()}
    mark = hashlib.sha256(repr(sorted(plain.items())).encode()).hexdigest()[:8]
    assert mark == KNOWN_INDEXES[max(KNOWN_INDEXES)]
    assert max(KNOWN_INDEXES) in {each.number for each in MIGRATIONS}


async def test_an_empty_database_is_made_ready_by_whoever_opens_it(settings: Settings) -> None:
    async def start() -> None:
        async with open_collections(settings):
            pass

    await asyncio.gather(*(start() for _ in range(4)))
    async with open_collections(settings) as opened:
        state = await opened.platform.data()
        assert state is not None
        assert [each.number for each in state.applied] == [each.number for each in MIGRATIONS]


async def test_an_interruption_in_the_middle_leaves_the_same_result(mongo: Collections) -> None:
    await fill(mongo)
    log: list[str] = []
    with pytest.raises(PowerCut):
        await Migrator(mongo.database, migrations(log, dies_at=3)).migrate()
    half = await rows(mongo)
    assert [row.get("bytes") for row in half] == [1, 1, 1, None, None, None]
    whole = Migrator(mongo.database, migrations(log))
    assert [each.number for each in await whole.pending()] == [2]
    told: list[Migration] = []
    assert [each.name for each in await whole.migrate(told.append)] == ["rename"]
    assert [each.number for each in told] == [2]
    assert log == ["add", "rename", "rename"]
    assert await rows(mongo) == DONE
    assert await whole.migrate() == []


async def test_each_runs_once_when_two_start_together(mongo: Collections) -> None:
    await fill(mongo)
    log: list[str] = []
    done = await asyncio.gather(
        *(Migrator(mongo.database, migrations(log)).migrate() for _ in range(3))
    )
    assert sorted(len(each) for each in done) == [0, 0, 2]
    assert log == ["add", "rename"]
    assert await rows(mongo) == DONE


async def test_the_lock_of_the_dead_is_taken_over(
    mongo: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.mongo.platform.LEASE_S", -1.0)
    locked = mongo.platform.locked()
    await locked.__aenter__()  # and never lets go
    monkeypatch.setattr("store.mongo.platform.LEASE_S", 60.0)
    assert await Migrator(mongo.database, migrations([])).migrate()
    await locked.__aexit__(None, None, None)


async def test_records_of_before_keep_everybody_out_until_they_are_migrated(
    mongo: Collections, settings: Settings
) -> None:
    await mongo.database["users"].insert_one({"_id": "usr_a", "email": "a@example.org"})
    with pytest.raises(NotMigrated, match="shoal migrate"):
        async with open_collections(settings):
            pass
    assert await mongo.platform.data() is None
    assert await mongo.database["jobs"].index_information() == {}
    await Migrator(mongo.database).migrate()
    async with open_collections(settings) as opened:
        assert "email_1" in await opened.database["users"].index_information()


async def test_records_of_a_newer_version_are_refused(mongo: Collections) -> None:
    await Migrator(mongo.database, migrations([])).migrate()
    older = Migrator(mongo.database, migrations([])[:1])
    for refused in (older.make_ready, older.migrate, older.pending):
        with pytest.raises(NewerData, match="migrated to 0002"):
            await refused()


async def test_records_from_before_are_marked_and_lose_the_indexes_that_were_replaced(
    mongo: Collections,
) -> None:
    await Migrator(mongo.database, MIGRATIONS[:1]).migrate()
    jobs = mongo.database["jobs"]
    await jobs.create_index(["owner_id", "status"])
    await jobs.insert_many([{"_id": f"job_{number}"} for number in range(1_500)])
    for _ in range(2):  # the second time as after an interruption
        await MIGRATIONS[1].migrate(mongo.database)
        marked = [each["_id"] async for each in jobs.find({MARK: {"$gt": 0}})]
        assert marked and marked == [each for each in marked if mark_of(each)]
        assert len(marked) == sum(1 for number in range(1_500) if mark_of(f"job_{number}"))
        names = await jobs.index_information()
        assert "owner_id_1_status_1__id_1" in names and "owner_id_1_status_1" not in names
