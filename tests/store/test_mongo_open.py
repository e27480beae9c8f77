"""Opening, indexes and outages."""

from __future__ import annotations

from pathlib import Path

import pytest

from shoal.ports import free_port
from shoal.services import start_mongo
from store.clock import now
from store.errors import Unavailable
from store.mongo import open_collections
from store.mongo.indexes import INDEXES
from store.records.account import Role, User
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import make_settings


async def test_every_index_is_there_and_made_again_for_nothing(
    store: Store, settings: Settings
) -> None:
    async with open_collections(settings) as again:
        for name, indexes in ((name, each) for name, each in INDEXES.items() if each):
            found = await again.database[name].index_information()
            expected = {index.document["name"]: index.document for index in indexes}
            assert set(found) == {"_id_", *expected}
            for index, document in expected.items():
                assert found[index]["key"] == list(document["key"].items())
                assert found[index].get("unique", False) == document["unique"]
                assert found[index].get("expireAfterSeconds") == document.get("expireAfterSeconds")


async def test_every_collection_has_an_entry_among_the_indexes(store: Store) -> None:
    fields = set(store.mongo.__dataclass_fields__) - {"database"}
    assert fields == set(INDEXES)


async def test_a_server_that_is_not_there_is_unavailable(redis_url: str, tmp_path: Path) -> None:
    settings = make_settings(
        f"mongodb://127.0.0.1:{free_port()}", redis_url, tmp_path, service_timeout_s=0.3
    )
    with pytest.raises(Unavailable, match="mongodb is unavailable"):
        async with open_store(settings):
            pass


async def test_a_server_that_goes_away_is_unavailable_and_comes_back(
    redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    mongo = start_mongo(tmp_path / "mongo", port)
    settings = make_settings(
        f"mongodb://127.0.0.1:{port}", redis_url, tmp_path, service_timeout_s=1
    )
    async with open_store(settings) as store:
        user = await store.mongo.users.insert(User("usr_a", "a", "A", Role.USER, "h", now()))
        mongo.stop()
        for read in (store.mongo.users.get("usr_a"), store.mongo.users.count({})):
            with pytest.raises(Unavailable):
                await read
        with pytest.raises(Unavailable):
            await store.mongo.users.amend("usr_a", lambda kept: kept.role_changed(Role.ADMIN))
        health = await store.health()
        assert {name: each.ok for name, each in health.items()} == {
            "mongodb": False, "redis": True, "objects": True,
        }  # fmt: skip
        assert health["mongodb"].detail
        mongo = start_mongo(tmp_path / "mongo", port)
        assert await store.mongo.users.get("usr_a") == user
        assert all(each.ok for each in (await store.health()).values())
    mongo.stop()
