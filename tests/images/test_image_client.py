"""The client's image: built by its own steps, served by nginx as the image says."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.images.conftest import Built

pytestmark = [pytest.mark.images, pytest.mark.timeout(3600)]


def test_only_what_was_built_is_in_it(client_image: Built) -> None:
    files = client_image.root.path("/usr/share/nginx/html")
    found = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
    assert {"index.html", "favicon.svg", "persisted-documents.json"} <= found
    kinds = {path.removesuffix(".gz").rpartition(".")[2] for path in found}
    assert kinds <= {"html", "svg", "json", "js", "css", "ttf"}
    assert any(path.endswith(".js.gz") for path in found)
    folders = {path.name for path in client_image.root.folder.iterdir()}
    assert folders <= {"etc", "usr", "tmp"}
    templates = {path.name for path in client_image.root.path("/etc/nginx/templates").iterdir()}
    assert templates == {"nginx.conf.template", "headers.conf.template"}


def test_nginx_serves_it(client_image: Built, dashboard: str) -> None:
    files = client_image.root.path("/usr/share/nginx/html")
    page = httpx.get(dashboard)
    assert page.content == (files / "index.html").read_bytes()
    assets = re.findall(r'"/(assets/[^"]+\.(?:js|css))"', page.text)
    assert len(assets) >= 2
    for asset in assets:
        assert httpx.get(f"{dashboard}/{asset}").content == (files / asset).read_bytes()


def test_the_health_check_is_of_a_page_that_is_there(client_image: Built, dashboard: str) -> None:
    [checked] = re.findall(
        r"http://127\.0\.0\.1:3000(/[^\"]*)", client_image.root.said["HEALTHCHECK"]
    )
    assert httpx.get(f"{dashboard}{checked}").status_code == 200
