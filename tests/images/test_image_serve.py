"""The target `serve`: what answers, without what trains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from shoal.demo import documents
from shoal.demo.api import Api
from shoal.ports import free_port
from tests.containers.composed import Composed
from tests.containers.test_compose_runs import check_of
from tests.images.conftest import MODEL, Built
from tests.images.image import containers, contents
from tests.images.test_image_full import installed
from tests.journeys.texts import NEW_TEXTS

pytestmark = [pytest.mark.images, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def answering(
    composed: Composed, serve: Built, scratch: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    """A server, webhooks and an inference worker of this image, in place of the other's."""
    port = str(free_port())
    moved = composed.moved | {"server:8000": f"127.0.0.1:{port}", "8000": port}
    other = replace(
        composed, moved=moved, folder=tmp_path_factory.mktemp("serve"),
        container=containers(serve.root, scratch),
        processes=ExitStack(), started=[], metrics_ports={},
    )  # fmt: skip
    next(each for each in composed.started if each.name == "inference-worker").stop()
    with other.processes:
        for name in ("server", "webhooks", "inference-worker"):
            test = check_of(composed, name)
            other.start(name).wait_until(lambda n=name, t=test: other.is_healthy(n, t), 120)
        yield other
    composed.start("inference-worker")


def test_nothing_that_trains_is_installed(serve: Built, full: Built) -> None:
    found = installed(serve)
    assert {"strawberry-graphql", "onnxruntime", "pyarrow"} <= set(found)
    assert not {"torch", "scikit-learn", "transformers", "scipy", "pip"} & set(found)
    assert found.items() <= installed(full).items()


async def test_it_answers_by_a_model_that_the_other_trained(
    answering: Composed, token: str, published: dict[str, object]
) -> None:
    async with Api(f"http://127.0.0.1:{answering.moved['8000']}") as api:
        api.token = token
        asked = {"model": MODEL, "texts": list(NEW_TEXTS)}
        answered = (await api.run(documents.PREDICT, input=asked))["predict"]
    assert [each["label"] for each in answered["predictions"]] == list(NEW_TEXTS.values())


def test_nobody_wrote_to_it(answering: Composed, serve: Built) -> None:
    assert httpx.get(f"http://127.0.0.1:{answering.moved['8000']}/readyz").is_success
    assert contents(serve.root) == serve.contents
