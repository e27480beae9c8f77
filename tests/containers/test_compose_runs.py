"""The commands, the environments and the health checks of docker-compose.yml, run for real."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from shoal.demo import documents
from shoal.demo.api import Api
from tests.containers.compose import OURS
from tests.containers.composed import Composed
from tests.containers.context import ROOT
from tests.containers.dockerfile import Dockerfile
from tests.journeys.test_main_job import create_dataset, trained
from tests.journeys.texts import NEW_TEXTS, write_texts

WORKERS = "{ system { workers { kind } services { name ok } } }"
IMAGE = Dockerfile.read(ROOT / "Dockerfile.server")


def check_of(composed: Composed, name: str) -> list[str]:
    said = composed.file["services"][name].get("healthcheck")
    test: list[str] = said["test"] if said else ["CMD", *_image_check()]
    assert test[0] == "CMD"
    return test[1:]


def _image_check() -> list[str]:
    words = IMAGE.steps.all("HEALTHCHECK")[-1].partition(" CMD ")[2]
    return re.findall(r'"([^"]+)"', words)


async def test_each_health_check_turns_green(composed: Composed) -> None:
    for name in OURS:
        if name == "migrate":
            continue
        test = check_of(composed, name)
        async with asyncio.timeout(60):
            while not await asyncio.to_thread(composed.is_healthy, name, test):
                await asyncio.sleep(0.2)


def test_redis_keeps_to_its_settings(composed: Composed) -> None:
    host, port = composed.moved["redis:6379"].split(":")
    with Redis(host, int(port)) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()
    password = composed.file["services"]["redis"]["environment"]["REDIS_PASSWORD"]
    with Redis(host, int(port), password=password, decode_responses=True) as redis:
        told = redis.config_get("appendonly", "maxmemory-policy", "save")
    assert told == {"appendonly": "yes", "maxmemory-policy": "noeviction", "save": ""}


async def test_the_platform_does_its_job(
    composed: Composed, dashboard: str, tmp_path: Path
) -> None:
    """All through the dashboard's proxy and the object store, as a browser would."""
    email = "you@example.org"
    told = await asyncio.to_thread(composed.run, "server", "admin", "create", "--email", email)
    password = re.search(r"Password: (\S+)", told)
    assert password
    async with Api(dashboard) as api:
        signed_in = await api.do(documents.SIGN_IN, email=email, password=password[1])
        api.token = signed_in["accessToken"]
        system = (await api.run(WORKERS))["system"]
        assert sorted(each["kind"] for each in system["workers"]) == [
            "INFERENCE", "PIPELINE", "PIPELINE",
        ]  # fmt: skip
        assert all(service["ok"] for service in system["services"])

        texts = write_texts(tmp_path / "hobbies.csv", rows=120)
        version = await create_dataset(api, texts, "hobbies")
        assert (version["status"], version["profile"]["rows"]) == ("READY", 120)
        model = await trained(api, version["id"], "hobbies", {"embedder": {"kind": "TFIDF"}})
        await api.do(documents.PUBLISH_MODEL, modelId=model["model"]["id"], versionId=model["id"])
        asked = {"model": "hobbies", "texts": list(NEW_TEXTS)}
        answered = (await api.run(documents.PREDICT, input=asked))["predict"]
    assert [each["label"] for each in answered["predictions"]] == list(NEW_TEXTS.values())


def test_nothing_was_written_outside_of_what_may_be(composed: Composed) -> None:
    """The image's file system is read-only but for /data and /tmp, which is HOME as well."""
    for name in OURS:
        folder = composed.folder / name
        written = {path.name for path in folder.iterdir()}
        assert written <= {"data", "tmp"}, (name, written)
