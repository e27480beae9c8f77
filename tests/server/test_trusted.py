"""Documents of our own client: asked for by their digests, and, where it is so set, no others."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from server.trusted import MANIFEST
from store.records.account import Role, Scope
from store.settings import Settings
from store.store import open_store
from tests.server.conftest import PASSWORD, Site, Talk, serving, talking

KNOWN = "query Me { viewer { user { email } } }"
DIGEST = sha256(KNOWN.encode()).hexdigest()
OTHER = "{ viewer { user { id } } }"


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<title>Shoal</title>")
    (tmp_path / "dist" / MANIFEST).write_bytes(orjson.dumps({DIGEST: KNOWN}))
    return settings.model_copy(update={"client_dist": tmp_path / "dist"})


async def token_of(settings: Settings, site: Site, role: Role = Role.USER) -> str:
    async with open_store(settings) as store:
        await store.accounts.create_user(f"{role.lower()}@b.cd", "A", role, PASSWORD)
    return (await site.sign_in(f"{role.lower()}@b.cd"))["accessToken"]


async def ask(site: Site, token: str, **body: object) -> tuple[int, object]:
    """The status, and the data or the error's code."""
    headers = {"authorization": f"Bearer {token}"}
    response = await site.http.post("/graphql", json=body, headers=headers)
    answer = response.json()
    if "errors" in answer:
        return response.status_code, answer["errors"][0]["extensions"]["code"]
    return response.status_code, answer["data"]


async def test_a_document_by_its_digest(built: Settings) -> None:
    async with serving(built) as site:
        token = await token_of(built, site)
        answer = 200, {"viewer": {"user": {"email": "user@b.cd"}}}
        persisted = {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}
        assert await ask(site, token, documentId=f"sha256:{DIGEST}") == answer
        assert await ask(site, token, extensions=persisted) == answer
        assert await ask(site, token, query=KNOWN, extensions=persisted) == answer
        headers = {"authorization": f"Bearer {token}"}
        by_get = await site.http.get(f"/graphql?documentId=sha256:{DIGEST}", headers=headers)
        assert by_get.json()["data"] == answer[1]
        assert (await site.ask(OTHER, token)).status_code == 200


async def test_a_document_that_is_registered_by_a_caller(built: Settings) -> None:
    """Sending it with its digest makes nobody know it."""
    unknown = sha256(OTHER.encode()).hexdigest()
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": unknown}}
    async with serving(built) as site:
        token = await token_of(built, site)
        assert (await ask(site, token, query=OTHER, extensions=persisted))[0] == 200
        missing = 404, "PERSISTED_QUERY_NOT_FOUND"
        assert await ask(site, token, extensions=persisted) == missing
        for wrong in (f"sha256:{unknown}", "sha256:", DIGEST.upper(), "x" * 10_000, 1, [], {}):
            assert await ask(site, token, documentId=wrong) == missing
        for fields in ({}, {"extensions": {"persistedQuery": []}}, {"extensions": {}}):
            assert await ask(site, token, **fields) == (400, "BAD_REQUEST")


async def test_documents_that_the_client_does_not_send(built: Settings) -> None:
    only = built.model_copy(update={"trusted_documents_only": True})
    async with serving(only) as site:
        token = await token_of(only, site)
        assert await ask(site, token, query=OTHER) == (403, "UNTRUSTED_DOCUMENT")
        assert await ask(site, token, query=f"{KNOWN} ") == (403, "UNTRUSTED_DOCUMENT")
        assert (await ask(site, token, query=KNOWN))[0] == 200
        assert (await ask(site, token, documentId=f"sha256:{DIGEST}"))[0] == 200
        async with talking(site, token) as socket:
            assert await first(socket, OTHER) == ("error", "UNTRUSTED_DOCUMENT")
            assert await first(socket, KNOWN) == ("next", "")
        admin = await token_of(only, site, Role.ADMIN)
        assert (await ask(site, admin, query=OTHER))[0] == 200
        async with open_store(only) as store:
            user = await store.mongo.users.find_by(email="user@b.cd")
            assert user is not None
            _, secret = await store.accounts.create_api_key(user.id, "a program", {Scope.READ})
        assert (await ask(site, secret, query=OTHER))[0] == 200


async def first(socket: Talk, query: str) -> tuple[str, str]:
    """The type of what is said first of an operation, and its code if it is an error."""
    await socket.send(type="subscribe", id=query, payload={"query": query})
    message = await socket.receive()
    payload = message["payload"]
    return message["type"], payload[0]["extensions"]["code"] if message["type"] == "error" else ""
