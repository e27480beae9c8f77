"""The server's image, all of it: what Compose runs is run from it."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import psutil
import pytest
from packaging.utils import canonicalize_name

from shoal.demo import documents
from shoal.demo.api import Api
from tests.containers.composed import Composed
from tests.containers.context import ROOT
from tests.containers.test_compose_runs import (
    test_each_health_check_turns_green,
    test_nothing_was_written_outside_of_what_may_be,
    test_redis_keeps_to_its_settings,
    test_the_platform_does_its_job,
)
from tests.containers.test_dockerfiles import brought
from tests.images.conftest import MODEL, Built
from tests.images.image import contents
from tests.journeys.texts import NEW_TEXTS

__all__ = [
    "test_each_health_check_turns_green",
    "test_nothing_was_written_outside_of_what_may_be",
    "test_redis_keeps_to_its_settings",
    "test_the_platform_does_its_job",
]
pytestmark = [pytest.mark.images, pytest.mark.timeout(3600)]

PACKAGES = ("store", "schema", "server", "workers", "shoal")
IMPORT_ALL = f"""
import importlib, pkgutil
for name in {PACKAGES}:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(package.__file__)
"""
PREPARED = """
from store.records.training import EmbedderSpec
from workers.pipeline.embedders.engine import prepared
from workers.pipeline.embedders.key import embedder_key
from workers.pipeline.embedders.whole import is_whole
print(is_whole(prepared(embedder_key(EmbedderSpec()))))
"""


def installed(image: Built) -> dict[str, str]:
    [site] = image.root.path("/opt/shoal").glob("lib/python*/site-packages")
    return {canonicalize_name(each.name): each.version for each in distributions(path=[str(site)])}


def test_what_is_installed_is_what_was_asked_for(full: Built) -> None:
    """Each in the version that is pinned, and nothing that only developers have."""
    found = installed(full)
    wanted = brought({"inference", "pipeline", "otel"})
    assert {"torch", "onnxruntime", "strawberry-graphql", "opentelemetry-sdk"} <= set(found)
    assert set(found) <= wanted - {"shoal", "pip"}
    tools = brought({"dev", "docs", "release", "embedded"}) - wanted
    assert {"pytest", "mypy", "secantusdb"} <= tools
    assert not set(found) & tools
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = dict(each.split("==") for each in lines if "==" in each and each[0] != "#")
    versions = {canonicalize_name(name): version for name, version in pinned.items()}
    assert {name: each.partition("+")[0] for name, each in found.items()} == {
        name: versions[name] for name in found
    }


def test_every_module_can_be_imported(full: Built, composed: Composed) -> None:
    told = run_in(composed, "python", "-c", IMPORT_ALL)
    assert told.stdout.strip() == str(full.root.path("/opt/code/shoal/__init__.py")), told.stderr


def run_in(composed: Composed, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a new container of the pipeline worker, past the entry point."""
    container, environ = composed.begun("another", "pipeline-worker")
    return subprocess.run(
        [*container.enter, *words], env=environ, capture_output=True, text=True, check=False
    )


def test_the_engine_is_in_it(composed: Composed) -> None:
    """Without it each training would make one anew, with torch, and nobody would see."""
    told = run_in(composed, "python", "-c", PREPARED)
    assert told.stdout == "True\n", told.stderr


async def test_it_trains_by_meaning_and_answers(
    dashboard: str, token: str, published: dict[str, object]
) -> None:
    async with Api(dashboard) as api:
        api.token = token
        asked = {"model": MODEL, "texts": list(NEW_TEXTS)}
        answered = (await api.run(documents.PREDICT, input=asked))["predict"]
    assert [each["label"] for each in answered["predictions"]] == list(NEW_TEXTS.values())


def test_none_has_torch_in_memory_who_does_not_train(composed: Composed, full: Built) -> None:
    packages = f"{full.root.path('/opt/shoal')}/"
    loaded = {each.name: mapped(each.pid, packages) for each in composed.started}
    for name in ("server", "webhooks", "inference-worker", "pipeline-worker"):
        assert "pydantic_core" in loaded[name]
    for name in ("server", "webhooks", "inference-worker"):
        assert not {"torch", "sklearn", "scipy"} & loaded[name], name
    assert not {"numpy", "onnxruntime"} & loaded["server"]
    assert "onnxruntime" in loaded["inference-worker"]


def mapped(pid: int, below: str) -> set[str]:
    """The packages of a folder whose compiled parts a process has in memory."""
    paths = {each.path for each in psutil.Process(pid).memory_maps() if each.path.startswith(below)}
    return {path.partition("/site-packages/")[2].partition("/")[0] for path in paths}


@pytest.mark.skipif(os.getuid() != 0, reason="whoever is not root runs all as themselves")
def test_processes_run_as_the_user_of_the_image(composed: Composed) -> None:
    for process in composed.started:
        status = Path(f"/proc/{process.pid}/status").read_text()
        said = dict(line.split(":\t", 1) for line in status.splitlines())
        assert said["Uid"].split() == ["10001"] * 4, process.name
        assert said["Gid"].split() == ["10001"] * 4
        assert said["NoNewPrivs"] == "1"
        assert int(said["CapEff"], 16) == int(said["CapBnd"], 16) == 1 << 2  # dac_read_search


@pytest.mark.parametrize("place", ["/opt/code/shoal", "/opt/shoal/share/shoal", "/opt"])
def test_the_image_cannot_be_written_to(full: Built, composed: Composed, place: str) -> None:
    told = run_in(composed, "touch", str(full.root.path(place) / "new"))
    assert told.returncode != 0
    assert "Permission denied" in told.stderr


@pytest.mark.usefixtures("published")
def test_nobody_wrote_to_it(full: Built) -> None:
    assert contents(full.root) == full.contents
