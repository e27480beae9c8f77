"""The platform of docker-compose.yml, from the sources; `tests/images` has it from the images."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.containers.composed import Composed, composing
from tests.containers.nginx import Nginx
from tests.server.conftest import accounts, admin_token, site, site_settings, user_token

__all__ = ["accounts", "admin_token", "site", "site_settings", "user_token"]


@pytest.fixture(scope="session")
async def composed(
    mongo_uri: str, s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Composed]:
    async with composing(mongo_uri, s3_endpoint, tmp_path_factory.mktemp("composed")) as composed:
        yield composed


@pytest.fixture(scope="session")
def dashboard(composed: Composed) -> Iterator[str]:
    """The URL of the client's container."""
    with Nginx(*composed.client()) as nginx:
        yield nginx.url
