"""The receivers of docs/webhooks.md, run as they stand there."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from graphql import parse, validate

from schema.root import schema
from server.webhooks.posting import Poster
from shoal.ports import free_port, is_open
from shoal.process import start
from shoal.services import script
from store.clock import now
from store.settings import Settings
from store.webhooks.signing import Request, new_secret, signed
from tests.conftest import make_settings

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
BODY = '{"data":{"activity":{"message":"größer"}}}'


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", PAGE, re.M | re.S)
    return [textwrap.dedent(text) for _, text in found]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(
        "mongodb://x", "redis://x", tmp_path, webhook_allowed_hosts=("127.0.0.1/32",)
    )


@contextmanager
def running(language: str, folder: Path, secret: str) -> Iterator[int]:
    (text,) = blocks(language)
    program = folder / f"receiver.{'cjs' if language == 'js' else 'py'}"
    program.write_text(text)
    port = free_port()
    command = [sys.executable if language == "python" else script("node"), str(program)]
    environ = os.environ | {"WEBHOOK_SECRET": secret, "PORT": str(port)}
    process = start("receiver", command, folder / "receiver.log", environ)
    process.wait_until(lambda: is_open(port), timeout_s=60)
    try:
        yield port
    finally:
        process.kill()  # with its group: the wheel's `node` is a script that starts the true one


def tampered(request: Request) -> Request:
    return replace(request, body=request.body.replace("größer", "kleiner"))


def unsigned(request: Request) -> Request:
    kept = {k: v for k, v in request.headers.items() if k != "webhook-signature"}
    return replace(request, headers=kept)


@pytest.mark.parametrize("language", ["python", "js"])
async def test_the_receivers_take_what_is_ours_alone(
    language: str, settings: Settings, tmp_path: Path
) -> None:
    secret, other = new_secret(), new_secret()
    poster = Poster(settings)

    async def status(at: timedelta, secrets: list[str], bend: Callable[..., Request]) -> int | None:
        url = f"http://127.0.0.1:{port}/"
        outcome = await poster.post(bend(signed(url, BODY, "whd_1", now() + at, secrets)))
        return outcome.status

    def same(request: Request) -> Request:
        return request

    with running(language, tmp_path, secret) as port:
        fresh = timedelta()
        assert await status(fresh, [secret], same) == 204
        assert await status(fresh, [other, secret], same) == 204
        assert await status(fresh, [other], same) == 401
        assert await status(fresh, [secret], tampered) == 401
        assert await status(fresh, [secret], unsigned) == 401
        assert await status(timedelta(minutes=-6), [secret], same) == 401
    await poster.close()


@pytest.mark.parametrize("document", blocks("graphql"))
def test_the_documents_are_valid(document: str) -> None:
    assert validate(schema._schema, parse(document)) == []
