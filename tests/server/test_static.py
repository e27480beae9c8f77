from __future__ import annotations

import gzip
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


async def test_what_the_build_has_compressed_is_sent_so_to_who_takes_it(
    settings: Settings, dist: Path
) -> None:
    (dist / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"export {}"))
    async with serving(settings.model_copy(update={"client_dist": dist})) as site:
        for accepted, encoding in (("gzip, br", "gzip"), ("identity", None), ("", None)):
            answer = await site.http.get(
                "/assets/index-abc.js", headers={"accept-encoding": accepted}
            )
            assert answer.text == "export {}"
            assert answer.headers.get("content-encoding") == encoding
            assert answer.headers["content-type"].startswith("text/javascript")
            assert "Accept-Encoding" in answer.headers["vary"]
            assert "immutable" in answer.headers["cache-control"]
        page = await site.http.get("/", headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in page.headers


async def test_no_spelling_of_an_address_is_redirected_to_a_host_that_the_caller_names(
    settings: Settings, dist: Path
) -> None:
    async with serving(settings.model_copy(update={"client_dist": dist})) as site:
        for path in ("/x/%2e%2e", "/x/%2e%2e/", "/%2e", "/assets", "/graphql/", "/healthz/"):
            answer = await site.http.get(path, headers={"host": "evil.example"})
            assert answer.status_code in (200, 404), path
            assert "evil" not in f"{answer.headers} {answer.text}"


async def test_without_a_build_there_is_no_page(site: Site) -> None:
    assert (await site.http.get("/graphiql")).status_code == 404
