from __future__ import annotations

from pathlib import Path

import pytest

from store.settings import Settings
from tests.server.conftest import Site, serving


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Shoal</title>")
    (folder / "assets" / "index-abc.js").write_text("export {}")
    (folder / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("not for the world")
    return folder


async def test_the_built_client_is_served(settings: Settings, dist: Path) -> None:
    async with serving(settings.model_copy(update={"client_dist": dist})) as site:
        for address in ("/", "/graphiql", "/jobs/job_01", "/invitation/some-token"):
            page = await site.http.get(address)
            assert (page.status_code, page.text) == (200, "<title>Shoal</title>")
            assert page.headers["cache-control"] == "no-cache"
            assert "script-src" not in page.headers["content-security-policy"]
            assert page.headers["content-security-policy"].startswith("default-src 'self'")
        script = await site.http.get("/assets/index-abc.js")
        assert script.headers["content-type"].startswith("text/javascript")
        assert "immutable" in script.headers["cache-control"]
        assert (await site.http.get("/favicon.svg")).status_code == 200
        for path in ("/nowhere.js", "/assets/nothing.js", "/assets/%2e%2e/%2e%2e/secret"):
            missing = await site.http.get(path)
            assert missing.status_code == 404
            assert missing.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_without_a_build_there_is_no_page(site: Site) -> None:
    assert (await site.http.get("/graphiql")).status_code == 404
