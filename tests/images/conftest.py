"""Both images, built step by step, and the platform of docker-compose.yml from them."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shoal.demo import documents
from shoal.demo.api import Api
from tests.containers.building import Build, Done
from tests.containers.composed import Composed, composing
from tests.containers.context import ROOT
from tests.containers.dockerfile import Dockerfile
from tests.containers.nginx import Nginx
from tests.containers.root import Root
from tests.images.image import MEGABYTE, containers, contents, let_write, line
from tests.journeys.test_main_job import create_dataset, trained
from tests.journeys.texts import write_texts

MODEL = "hobbies-by-meaning"


@dataclass(frozen=True)
class Built:
    """A target, and what it was like when it was built."""

    root: Root
    contents: dict[str, tuple[int, int]]


@pytest.fixture(scope="session")
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Prints at once, in between the names of the tests."""
    plugins = pytestconfig.pluginmanager
    reporter, capture = plugins.getplugin("terminalreporter"), plugins.getplugin("capturemanager")

    def write(text: str) -> None:
        with capture.global_and_fixture_disabled():
            reporter.write_line(text)

    return write


@contextmanager
def built(
    file: str, folder: Path, say: Callable[[str], None], *targets: str
) -> Iterator[list[Built]]:
    """The targets of a Dockerfile, read-only, without the stages that made them."""
    say(f"\n{file}")

    def tell(done: Done) -> None:
        say(line(done))

    build = Build(Dockerfile.read(ROOT / file), folder, tell)
    try:
        roots = [build.stage(target) for target in targets]
        build.forget_all_but(*targets)
        for root in roots:
            let_write(root, allowed=False)
            say(f"  {root.name}: {root.size() / MEGABYTE:,.0f} MB")
        yield [Built(root, contents(root)) for root in roots]
        for root in roots:
            let_write(root, allowed=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # gigabytes, of which pytest would keep three


@pytest.fixture(scope="session")
def server_images(
    tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]
) -> Iterator[list[Built]]:
    folder = tmp_path_factory.mktemp("server-image")
    with built("Dockerfile.server", folder, say, "full", "serve") as images:
        yield images


@pytest.fixture(scope="session")
def full(server_images: list[Built]) -> Built:
    """What Compose builds."""
    return server_images[0]


@pytest.fixture(scope="session")
def serve(server_images: list[Built]) -> Built:
    """The target without torch."""
    return server_images[1]


@pytest.fixture(scope="session")
def client_image(
    tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]
) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("client-image")
    with built("Dockerfile.client", folder, say, "") as [image]:
        yield image


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The volume of that name."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="session")
async def composed(
    full: Built, scratch: Path, mongo_uri: str, s3_endpoint: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Composed]:  # fmt: skip
    folder = tmp_path_factory.mktemp("composed")
    begun = containers(full.root, scratch)
    async with composing(mongo_uri, s3_endpoint, folder, begun) as composed:
        yield composed


@pytest.fixture(scope="session")
def dashboard(composed: Composed, client_image: Built) -> Iterator[str]:
    """The URL of the client's container."""
    root = client_image.root
    templates, files = root.path("/etc/nginx/templates"), root.path("/usr/share/nginx/html")
    with Nginx(*composed.client(), templates, files) as nginx:
        yield nginx.url


@pytest.fixture(scope="session")
async def token(composed: Composed, dashboard: str) -> str:
    """An admin's, made as the documents say."""
    email = "images@example.org"
    password = re.search(
        r"Password: (\S+)", composed.run("server", "admin", "create", "--email", email)
    )
    assert password
    async with Api(dashboard) as api:
        signed_in = await api.do(documents.SIGN_IN, email=email, password=password[1])
    return str(signed_in["accessToken"])


@pytest.fixture(scope="session")
async def published(
    token: str, dashboard: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The version of MODEL that answers, trained with the embedder that is there from the start."""
    texts = write_texts(tmp_path_factory.mktemp("texts") / "hobbies.csv", rows=120)
    async with Api(dashboard) as api:
        api.token = token
        version = await create_dataset(api, texts, MODEL)
        assert version["status"] == "READY"
        model = await trained(api, version["id"], MODEL, {})
        await api.do(documents.PUBLISH_MODEL, modelId=model["model"]["id"], versionId=model["id"])
    return model
