"""`shoal doctor` finds what is wrong, and says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from shoal.doctor import Finding, Level, environment, examine, services
from shoal.joining import check
from shoal.ports import free_port
from store.mongo import open_unchecked
from store.mongo.server import MongoServer
from store.records.model import Model
from store.redis.server import RedisServer
from store.settings import Settings
from store.store import Store
from tests.conftest import environ_of, make_settings
from tests.operation.conftest import Elsewhere, Filled

MONGO = MongoServer(
    version="8.0.4", is_embedded=False, is_replica_set=True, is_primary=True,
    lets_strangers_in=False, skew_s=0.1,
)  # fmt: skip
REDIS = RedisServer(
    version="8.0.1", is_append_only=True, has_snapshots=False, used_bytes=0, most_bytes=0,
    policy="noeviction", failed_writes=False, skew_s=0.1,
)  # fmt: skip


async def visit(environ: Mapping[str, str]) -> list[Finding]:
    return [finding async for finding in examine(environ)]


def wrong(findings: list[Finding]) -> dict[str, Level]:
    """What is not well, by its subject; each says what to do."""
    found = [each for each in findings if each.level is not Level.OK]
    assert all(each.do for each in found)
    assert not any(each.do for each in findings if each.level is Level.OK)
    return {each.subject: each.level for each in found}


async def test_a_platform_that_is_well(store: Store, filled: Filled) -> None:
    findings = await visit(environ_of(store.settings))
    assert wrong(findings).keys() <= {"backup", "workers", "disk", "memory", "open files", "client"}
    told = {each.subject for each in findings}
    assert {"MongoDB", "Redis", "objects", "migrations", "backup", "workers"} <= told
    assert await store.objects.list("doctor/") == ()


async def test_settings_that_are_misspelt_or_unwise(settings: Settings) -> None:
    environ = environ_of(settings) | {
        "SHOAL_TRASH_TTL": "60", "SECRET_KEY": "a" * 32, "SHOAL_LEASE_S": "6",
        "SHOAL_PUBLIC_URL": "http://shoal.example.org",
    }  # fmt: skip
    findings = await visit(environ)
    told = wrong(findings)
    assert told["SHOAL_TRASH_TTL"] is Level.WARNING
    assert "SHOAL_TRASH_TTL_S" in next(f.do for f in findings if f.subject == "SHOAL_TRASH_TTL")
    assert told["SECRET_KEY"] is Level.ERROR
    assert told["SHOAL_HEARTBEAT_S"] is Level.ERROR
    assert told["SHOAL_PUBLIC_URL"] is Level.WARNING


async def test_a_setting_that_cannot_be_ends_the_visit(settings: Settings) -> None:
    findings = await visit(environ_of(settings) | {"SHOAL_PORT": "many"})
    assert [each.level for each in findings] == [Level.ERROR]
    assert "SHOAL_PORT" in findings[0].message


async def test_services_that_are_away_are_named(settings: Settings, tmp_path: Path) -> None:
    gone = {
        "MONGO_DB_URI": f"mongodb://me:hidden@127.0.0.1:{free_port()}",
        "REDIS_URL": f"redis://:hidden@127.0.0.1:{free_port()}/0",
        "SHOAL_SERVICE_TIMEOUT_S": "0.5", "MODEL_PATH": str(tmp_path),
    }  # fmt: skip
    findings = await visit(environ_of(settings) | gone)
    told = wrong(findings)
    for name in ("MONGO_DB_URI", "REDIS_URL", "MODEL_PATH"):
        assert told[name] is Level.ERROR
    assert "hidden" not in "".join(each.message for each in findings)


async def test_records_that_are_not_migrated(
    mongo_uri: str, redis_url: str, tmp_path: Path
) -> None:
    settings = make_settings(mongo_uri, redis_url, tmp_path)
    async with open_unchecked(settings) as mongo:
        await mongo.database["users"].insert_one({"_id": "usr_a"})
    told = wrong(await visit(environ_of(settings)))
    assert told["migrations"] is Level.ERROR
    with pytest.raises(Exception, match="shoal migrate"):
        await check(settings)


async def test_a_published_model_that_cannot_be_loaded(store: Store, filled: Filled) -> None:
    def publish(model: Model) -> Model:
        return replace(model, published_version_id=filled.ended.model_version_id)

    await store.mongo.models.amend(filled.ended.model_id or "", publish)
    assert wrong(await visit(environ_of(store.settings)))["models"] is Level.ERROR


async def test_a_bucket_is_tried_as_browsers_do(
    elsewhere: Elsewhere, in_s3: dict[str, object]
) -> None:
    settings = elsewhere(**in_s3, bucket="doctor")
    found = [finding async for finding in services.objects(settings)]
    assert [(each.subject, each.level) for each in found] == [
        ("uploads", Level.OK), ("objects", Level.OK),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, None),
        ({"version": "6.0.9"}, Level.ERROR),
        ({"is_replica_set": False}, Level.WARNING),
        ({"is_primary": False}, Level.ERROR),
        ({"lets_strangers_in": True}, Level.WARNING),
    ],
)
def test_what_is_said_of_mongodb(changes: dict[str, object], level: Level | None) -> None:
    told = wrong([*services._mongo(replace(MONGO, **changes))])  # type: ignore[arg-type]
    assert told.get("MongoDB") is level


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, None),
        ({"version": "6.2"}, Level.ERROR),
        ({"is_append_only": False}, Level.ERROR),
        ({"policy": "allkeys-lru"}, Level.ERROR),
        ({"failed_writes": True}, Level.ERROR),
    ],
)
def test_what_is_said_of_redis(changes: dict[str, object], level: Level | None) -> None:
    told = wrong([*services._redis(replace(REDIS, **changes))])  # type: ignore[arg-type]
    assert told.get("Redis") is level


@pytest.mark.parametrize(("skew_s", "level"), [(7.0, Level.WARNING), (-90.0, Level.ERROR)])
def test_clocks_that_differ(skew_s: float, level: Level) -> None:
    assert wrong([*services._redis(replace(REDIS, skew_s=skew_s))])["clock of Redis"] is level


def test_every_setting_is_known() -> None:
    known = environment.known_names()
    assert {"SHOAL_TRASH_TTL_S", "SHOAL_ADMIN_EMAIL", "SHOAL_DATA"} <= known
    assert [*environment.unknown_names(dict.fromkeys(known, ""))] == []


def test_the_command_ends_with_1_where_something_fails(settings: Settings) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "shoal.cli", "doctor", "--json"],
        env=environ_of(settings, SHOAL_LEASE_S="long"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    told = json.loads(ended.stdout)
    assert told["ok"] is False
    assert {"level", "subject", "message", "do"} == set(told["findings"][0])
