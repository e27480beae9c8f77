"""Every argument of the API with values that nobody should send: no fault of ours.

Seeded, so that a run can be had again; another SEED tries other values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random

import httpx
import orjson
import pytest
from graphql import GraphQLInputObjectType, get_named_type

from store.records.account import Role
from store.settings import Settings
from store.store import open_store
from tests.schema.conftest import Caller
from tests.schema.world import World, build
from tests.security.test_ids import GRAPHQL, ROOTS, Fields, Path, Place, document, given, put
from tests.server.conftest import PASSWORD, Site, serving

SEED = 1
HERE = "\0here"
"""Stands in the variables where the value goes: JSON that Python would not write."""
VALUES = (
    "null", "true", "0", "-1", "1.5", "-0.0", "2147483648", "9007199254740993",
    "9223372036854775808", "1" + "0" * 400, "1e308", "1e400", "NaN", "Infinity",
    '""', '" "', '"\\u0000"', '"\\ud800"', '"\\ufeffx"', '"\\u202ex"', '"\\ud83d\\ude00"',
    '"e' + "\\u0301" * 300 + '"', '"a\\r\\nb: c"', '"' + "x" * 100_000 + '"',
    '"$where"', '"../../etc/passwd"', '"(a+)+$"', '"%s{0}"', '"=1+1"', '"http://[::1"',
    '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-23:59"', '"2026-02-30T00:00:00Z"',
    '"9999-12-31T23:59:59Z"', '"ds_"', '"job_' + "Z" * 26 + '"',
    "[]", "[[]]", "[null]", '["x", "x"]', "[" + ", ".join(['"x"'] * 10_000) + "]",
    "{}", '{"$ne": null}', '{"a\\u0000": "b"}', '{"' + "k" * 9_000 + '": "v"}',
    '{"a": ' * 18 + "1" + "}" * 18, '{"a": ' * 300 + "1" + "}" * 300,
)  # fmt: skip
EACH = 2
"""Values for each argument."""
ENDS_THE_SESSION = {"signOut", "signOutEverywhere"}
MEANT = {
    "BAD_REQUEST", "BAD_USER_INPUT", "NOT_FOUND", "TOO_LARGE", "DENIED", "THROTTLED", "CONFLICT",
    "ILLEGAL_MOVE", "BAD_UPLOAD", "FORBIDDEN", "IDEMPOTENCY_MISMATCH", "NO_ANSWER", "UNAVAILABLE",
}  # fmt: skip


def leaves(fields: Fields, above: Path = ()) -> Iterator[Path]:
    """The way to every argument, and to every field of their inputs."""
    for name, each in fields.items():
        yield (*above, name)
        kind = get_named_type(each.type)
        if isinstance(kind, GraphQLInputObjectType) and len(above) < 3:
            yield from leaves(kind.fields, (*above, name))


PLACES: list[Place] = [
    (root, name, path)
    for root in ROOTS
    for name, field in GRAPHQL.type_map[root].fields.items()
    for path in leaves(field.args)
    if name not in ENDS_THE_SESSION
]


@dataclass(frozen=True)
class Siege:
    site: Site
    token: str
    own: World

    async def try_out(self, place: Place, value: str) -> httpx.Response:
        """What the server answers for this value there, with fitting ones in all other places."""
        root, name, path = place
        fields = GRAPHQL.type_map[root].fields[name].args
        variables = put(given(fields, self.own), path, fields, HERE, self.own)
        body = orjson.dumps({"query": document(root, name, variables), "variables": variables})
        body = body.replace(orjson.dumps(HERE), value.encode())
        if root != "Subscription":
            return await self.site.http.post("/graphql", content=body, headers=self._headers())
        asking = self._headers() | {"Accept": "text/event-stream"}
        async with self.site.http.stream("POST", "/graphql", content=body, headers=asking) as told:
            first = await anext(told.aiter_bytes(), b"")
            data = first.partition(b"data: ")[2].splitlines()
            return httpx.Response(told.status_code, content=data[0] if data else first)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}


@pytest.fixture
async def siege(settings: Settings) -> AsyncIterator[Siege]:
    """An admin, who may reach every field, with one thing of every kind, and points enough.

    No worker answers, which is not waited for.
    """
    update = {"user_points": 10**9, "user_points_per_s": 10**9, "predict_timeout_s": 0.05}
    rich = settings.model_copy(update=update)
    async with serving(rich) as site, open_store(rich) as store:
        user = await store.accounts.create_user("admin@example.org", "A", Role.ADMIN, PASSWORD)
        token = (await store.accounts.sign_in(user.email, PASSWORD)).access_token
        owner = Caller(store, await store.accounts.authenticate(token))
        yield Siege(site, token, await build(owner))


async def test_no_value_of_any_argument_is_a_fault_of_the_servers(siege: Siege) -> None:
    random, codes, faults = Random(SEED), Counter[str](), []
    for place in PLACES:
        for value in random.sample(VALUES, EACH):
            answer = await siege.try_out(place, value)
            told = set(codes_of(answer))
            codes.update(told)
            if answer.status_code >= 500 or not told <= MEANT:
                faults.append((place, value[:80], answer.status_code, answer.text[:300]))
    assert faults == []
    assert {"BAD_REQUEST", "BAD_USER_INPUT", "NOT_FOUND"} <= codes.keys()  # some got far


def codes_of(answer: httpx.Response) -> Iterator[str]:
    """Of the errors that an answer tells; `no JSON` for one that is none."""
    try:
        told = orjson.loads(answer.content or b"{}")
    except orjson.JSONDecodeError:
        yield "no JSON"
        return
    yield from (error.get("extensions", {}).get("code", "none") for error in told.get("errors", ()))
    for payload in (told.get("data") or {}).values():
        errors = payload.get("userErrors", ()) if isinstance(payload, dict) else ()
        yield from (error["code"] for error in errors)
