"""Documents, variables, headers and connections that ask for too much."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import FrameType
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    SelectionNode,
    Visitor,
    get_introspection_query,
    parse,
    visit,
)
from pymongo import monitoring
from websockets.exceptions import ConnectionClosed

from schema import errors
from schema.documents import limits
from schema.documents.documents import (
    MAX_CACHED_CHARACTERS,
    MAX_KEPT_CHARACTERS,
    Checked,
    check,
)
from schema.documents.lately import Lately
from schema.feeds import streams as schema_streams
from schema.root import schema
from server.connections import sockets, streams
from server.connections.protocol import MAX_FRAMES, SEND_BUFFER_BYTES, SocketProtocol
from server.execution import execution
from server.http import protocol as http_protocol
from store.accounts import Accounts
from store.records.account import Role
from store.settings import Settings
from store.store import open_store
from tests.server.conftest import PASSWORD, Site, serving, talking
from tests.server.test_gate import BY_HTTP

ACTIVITY = "subscription { activity { __typename ... on CaughtUp { cursor } } }"
VIEWER = "{ viewer { user { email } } }"


async def codes(site: Site, query: str, token: str, **variables: object) -> list[str]:
    answer = (await site.ask(query, token, **variables)).json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


# -- work that a document makes, counted ---------------------------------------------------------

JOBS = "{ jobs { nodes { %s } } }"


def spread(names: int) -> str:
    return " ".join(f"...f{n}" for n in range(names))


def fragments(count: int, body: str) -> str:
    return " ".join(f"fragment f{n} on Job {{ {body} }}" for n in range(count))


def doubling(count: int) -> str:
    """2^count fields in `count` fragments."""
    chain = [f"fragment f{n} on Job {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count)]
    return " ".join([*chain, f"fragment f{count} on Job {{ id }}"])


SHAPES: dict[str, Callable[[int], str]] = {
    "nested fragments": lambda n: JOBS % "...f0" + doubling(n),
    "nested fragments, the last one first": lambda n: (
        " ".join(reversed(doubling(n).split("fragment "))).replace(" f", " fragment f")
        + JOBS % "...f0"
    ),
    "cyclic fragments": lambda n: (
        JOBS % spread(n) + fragments(n, spread(min(n, 30))).replace("{ ...f0", "{ ...f0 ...f0")
    ),
    "aliases": lambda n: JOBS % " ".join(f"a{k}: id" for k in range(n)),
    "inline fragments side by side": lambda n: JOBS % ("... { id kind } " * n),
    "inline fragments one within another": lambda n: JOBS % ("... { " * n + "id" + " }" * n),
    "directives": lambda n: JOBS % ("id " + "@skip(if: false) " * n),
    "fields of one name": lambda n: JOBS % ("id " * n),
    "fragments of one name": lambda n: "{ __typename }" + "fragment f on Job { id }" * n,
    "fragments that nobody uses": lambda n: "{ __typename }" + fragments(n, "id kind"),
    "fragments that are not there": lambda n: JOBS % spread(n),
    "fragments side by side": lambda n: JOBS % spread(n) + fragments(n, "id kind dataset { id }"),
    "operations": lambda n: " ".join(f"query q{k} {{ __typename }}" for k in range(n)),
    "operations of one name": lambda n: "query q { __typename } " * n,
    "operations that share fragments": lambda n: (
        " ".join(f"query q{k} {{ jobs {{ nodes {{ ...f0 }} }} }}" for k in range(n)) + doubling(5)
    ),
    "variables": lambda n: (
        "query(" + " ".join(f"$v{k}: [[[[Int]]]]" for k in range(n)) + ") { __typename }"
    ),
    "variables that are not there": lambda n: (
        "{ " + " ".join(f"a{k}: jobs(first: $x{k}) {{ totalCount }}" for k in range(n)) + " }"
    ),
    "arguments of one name": lambda n: "{ jobs(" + "first: 1 " * n + ") { totalCount } }",
    "values in a list": lambda n: "{ nodes(ids: [" + '"a" ' * n + "]) { id } }",
    "lists one within another": lambda n: "{ nodes(ids: " + "[" * n + "]" * n + ") { id } }",
    "input fields": lambda n: (
        "mutation { createDataset(input: {" + "name: 1 " * n + "}) { dataset { id } } }"
    ),
    "unknown fields": lambda n: JOBS % " ".join(f"x{k}" for k in range(n)),
    "introspection": lambda n: "{ __schema { types { " + "fields { type { " * n + "name"
    + " } }" * n + " } } }",
    "descriptions": lambda n: '"' + "x" * n * 10 + '" query q { __typename }',
}  # fmt: skip


def calls_of(function: Callable[[], object]) -> int:
    """How many Python functions it calls: the same on every machine."""
    count = 0

    def counting(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counting)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


class Selections(Visitor):
    """Counts those that a document writes down."""

    count = 0

    def enter(self, node: object, *_: object) -> None:
        self.count += isinstance(node, SelectionNode)


def checked(query: str) -> None:
    with suppress(GraphQLError):  # it is no GraphQL, or has too many tokens
        check(schema._schema, query)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_document_is_measured_in_work_linear_in_its_size(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured, select = 0, limits.Measure._selection

    def counting(*arguments: Any) -> limits.Size:
        nonlocal measured
        measured += 1
        return select(*arguments)

    monkeypatch.setattr(limits.Measure, "_selection", counting)
    for size in (8, 16, 32, 64, 128, 256):
        query, measured = SHAPES[shape](size), 0
        checked(query)
        try:
            visit(parse(query, max_tokens=limits.MAX_TOKENS), written := Selections())
        except GraphQLError:
            return
        assert measured <= 2 * written.count  # once as a definition, once where it is spread


@pytest.mark.parametrize("shape", SHAPES)
def test_no_document_makes_its_validation_take_long(shape: str) -> None:
    """What fits in MAX_TOKENS and passes is validated in fewer than a million calls: 0.2 s."""
    worst = max(calls_of(lambda n=size: checked(SHAPES[shape](n))) for size in WIDTHS)  # type: ignore[misc]
    assert worst < 1_000_000


WIDTHS = (50, 99, 300, 1_200)
"""Just within the limits, and far beyond them."""


def test_fields_that_have_to_merge_are_compared_a_bounded_number_of_times() -> None:
    """The one rule that takes quadratic time, at the most that the limits let through."""
    for fields in ("id kind status createdAt", "dataset { id name createdAt }"):
        for query in (
            JOBS % (f"... {{ {fields} }} " * 99),
            JOBS % spread(100) + fragments(100, fields),
            JOBS % spread(10) + fragments(10, " ".join(["... { dataset { id } }"] * 9)),
        ):
            found: list[Checked] = []
            calls = calls_of(lambda q=query, f=found: f.append(check(schema._schema, q)))  # type: ignore[misc]
            assert [e.message for e in found[0].errors] == []
            assert calls < 1_000_000


def test_documents_that_differ_are_kept_within_a_bound_of_memory() -> None:
    """500 of the largest would leave 900 MB, and strangers may send them as well."""
    small = "{ __typename }"
    kept = schema.asked(small, None)
    assert schema.asked(small, None) is kept
    for n in range(MAX_KEPT_CHARACTERS // MAX_CACHED_CHARACTERS + 1):
        schema.asked(f"{small} #{n}".ljust(MAX_CACHED_CHARACTERS, "."), None)
    assert schema.asked(small, None) is not kept


def test_who_was_asked_last_is_kept() -> None:
    made: list[str] = []
    upper: Lately[str] = Lately(lambda text: (made.append(text), text.upper())[1], most=3 * 300)
    texts = [letter * 100 for letter in "abcd"]
    for text in [*texts[:3], texts[0], texts[3], texts[0], texts[1]]:
        assert upper(text) == text.upper()
    assert "".join(text[0] for text in made) == "abcdb"
    endless = "x" * 9_000
    assert upper(endless) == upper(endless)
    assert made.count(endless) == 1  # while it runs, even one that is too long


def test_what_is_refused_does_not_depend_on_the_order_of_fragments() -> None:
    for count in (limits.MAX_NESTING - 3, limits.MAX_NESTING):
        chain = [f"fragment f{n} on Job {{ ...f{n + 1} }}" for n in range(count)]
        chain.append(f"fragment f{count} on Job {{ id }}")
        for definitions in ([JOBS % "...f0", *chain], [*reversed(chain), JOBS % "...f0"]):
            found = check(schema._schema, " ".join(definitions)).errors
            assert [e.message for e in found] == (
                [] if count < limits.MAX_NESTING - 2
                else [f"the document nests more than {limits.MAX_NESTING} levels"]
            )  # fmt: skip


# -- documents and variables ---------------------------------------------------------------------


async def test_introspection_is_not_asked_for_again_and_again(site: Site, user_token: str) -> None:
    once = "__schema { types { fields { type { name } } } }"
    many = " ".join(f"a{n}: {once}" for n in range(5))
    assert await codes(site, f"{{ {many} }}", user_token) == ["TOO_LARGE"]
    recursive = "fields { type { " * 4 + "name" + " } }" * 4
    assert "BAD_REQUEST" in await codes(
        site, f"{{ __schema {{ types {{ {recursive} }} }} }}", user_token
    )
    assert await codes(site, get_introspection_query(), user_token) == []


@pytest.mark.parametrize(
    "padding", ['"%s"', '"""%s"""', "#%s\n", "%s"], ids=["string", "block", "comment", "spaces"]
)
async def test_a_document_is_not_read_past_its_bound(
    site: Site, user_token: str, padding: str
) -> None:
    filling = (" " if padding == "%s" else "x") * limits.MAX_CHARACTERS
    text = padding % filling
    query = f"{{ node(id: {text}) {{ id }} }}" if '"' in padding else f"{text} {VIEWER}"
    assert await codes(site, query, user_token) == ["TOO_LARGE"]


async def test_a_number_of_thousands_of_digits_is_an_error_of_the_callers(
    site: Site, user_token: str
) -> None:
    digits = "9" * 100_000
    for literal in (digits, f"-{digits}", f"1.{digits}", f"1e{digits}"):
        query = f"{{ jobs(first: {literal}) {{ totalCount }} }}"
        assert await codes(site, query, user_token) == ["BAD_REQUEST"]


@pytest.mark.parametrize(
    "ids", [["x"] * limits.MAX_VALUES, [["x"] * 400] * 400, [{"a": [{}] * 400}] * 400],
    ids=["long", "square", "objects"],
)  # fmt: skip
async def test_variables_of_too_many_values_are_refused(
    site: Site, user_token: str, ids: object
) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await codes(site, query, user_token, ids=ids) == ["TOO_LARGE"]


async def test_variables_that_nest_too_deep_are_refused(site: Site, user_token: str) -> None:
    for depth, code in ((limits.MAX_VALUE_DEPTH - 2, "BAD_REQUEST"), (500, "TOO_LARGE")):
        deep: object = "x"
        for level in range(depth):
            deep = {"a": deep} if level % 2 else [deep]
        query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        assert set(await codes(site, query, user_token, ids=[deep])) == {code}


def test_variables_are_counted_no_further_than_their_bound() -> None:
    class Counted(list[object]):
        seen = 0

        def __iter__(self) -> Any:
            for each in super().__iter__():
                self.seen += 1
                yield each

    many = Counted([[0]] * 10**6)
    assert limits.unread_excess("", {"a": many}) is not None
    assert many.seen <= limits.MAX_VALUES + 1


async def test_a_subscription_is_bounded_as_all_else(site: Site, user_token: str) -> None:
    query = "subscription($t: [String!]!) { predictStream(modelId: 1, texts: $t) { __typename } }"
    async with talking(site, user_token) as talk:
        payload = {"query": query, "variables": {"t": ["x"] * limits.MAX_VALUES}}
        await talk.send(type="subscribe", id="1", payload=payload)
        message = await talk.receive()
        assert message["type"] == "error"
        assert [e["extensions"]["code"] for e in message["payload"]] == ["TOO_LARGE"]


async def test_errors_are_so_many_and_no_more(site: Site, user_token: str) -> None:
    unknown = " ".join(f"x{n}" for n in range(900))
    assert len(await codes(site, JOBS % unknown, user_token)) == errors.MAX_ERRORS
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert len(await codes(site, query, user_token, ids=[{}] * 900)) <= errors.MAX_ERRORS + 1


async def test_errors_do_not_repeat_a_long_name_again_and_again(
    site: Site, user_token: str
) -> None:
    uses = " ".join(f"a{n}: node(id: $x{n}) {{ id }}" for n in range(20))
    response = await site.ask(f"query {'q' * 100_000} {{ {uses} }}", user_token)
    assert len(response.json()["errors"]) == 20
    assert len(response.content) < 60_000


# -- time ----------------------------------------------------------------------------------------


class Commands(monitoring.CommandListener):
    """What the driver sends; it keeps its listeners for good, so this one can be told to stop."""

    sent: list[tuple[str, object]] | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.sent is not None:
            self.sent.append((event.command_name, event.command.get("maxTimeMS")))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


async def test_every_query_of_mongodb_ends_there_in_time(settings: Settings) -> None:
    listener = Commands()
    monitoring.register(listener)
    async with serving(settings) as site, open_accounts(settings) as accounts:
        await accounts.create_user("admin@example.org", "Admin", Role.ADMIN, PASSWORD)
        token = (await site.sign_in("admin@example.org"))["accessToken"]
        listener.sent = []
        for _, query in BY_HTTP:
            await site.ask(query, token)
        sent, listener.sent = listener.sent, None
    assert {"find", "update", "insert"} <= {name for name, _ in sent}
    allowed = settings.service_timeout_s * 1000
    unbounded = [each for each in sent if not isinstance(each[1], int) or each[1] > allowed]
    assert unbounded == []


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[Accounts]:
    async with open_store(settings) as store:
        yield store.accounts


async def test_a_query_that_takes_too_long_ends_over_a_socket_as_well(
    site: Site, user_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(execution, "OPERATION_TIMEOUT_S", 0.05)
    monkeypatch.setattr(execution.schema, "execute", slow)
    async with talking(site, user_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": VIEWER})
        message = await talk.receive()
        assert [e["extensions"]["code"] for e in message["payload"]] == ["TIMEOUT"]


async def test_what_is_sent_along_with_an_event_is_waited_for_so_long_and_no_longer(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow() -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(schema_streams, "EVENT_TIMEOUT_S", 0.05)
    monkeypatch.setattr(schema_streams, "execute_subscription_event", lambda executor: slow())
    async with talking(site, admin_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": ACTIVITY})
        message = await talk.receive()
        (error,) = message["payload"]["errors"]
        assert (message["type"], error["extensions"]["code"]) == ("next", "TIMEOUT")


# -- connections ---------------------------------------------------------------------------------


async def raw(site: Site) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*site.url.removeprefix("http://").split(":"))


async def test_headers_that_do_not_come_are_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_TIMEOUT_S", 0.2)
    for begun in (b"", b"POST /graphql HTTP/1.1\r\nHost: x\r\nX-A: "):
        reader, writer = await raw(site)
        writer.write(begun)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


async def test_later_headers_on_a_connection_are_not_waited_for_either(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_TIMEOUT_S", 0.2)
    reader, writer = await raw(site)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200" in await reader.readline()
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: ")
    async with asyncio.timeout(60):
        await reader.read()
    writer.close()


async def test_who_takes_long_after_the_headers_is_not_cut_off(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_TIMEOUT_S", 0.1)
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {admin_token}"}
    body = {"query": ACTIVITY}
    monkeypatch.setattr(streams, "KEEP_ALIVE_S", 0.3)
    async with site.http.stream("POST", "/graphql", headers=headers, json=body) as response:
        async for line in response.aiter_lines():
            if line == ":":
                break


async def test_endless_headers_are_431(site: Site) -> None:
    for piece in (b"X-A: %s\r\n" % (b"y" * 1_000), b"y" * 1_000):
        reader, writer = await raw(site)
        writer.write(b"GET /graphql HTTP/1.1\r\nHost: x\r\nX-B: 1")
        for _ in range(200):
            writer.write(piece)
        assert b" 431 " in await asyncio.wait_for(reader.readline(), 60)
        writer.close()


async def test_a_socket_holds_so_many_operations_and_no_more(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MAX_OPERATIONS", 2)
    async with talking(site, admin_token) as talk:
        for number in range(3):
            await talk.send(type="subscribe", id=str(number), payload={"query": ACTIVITY})
        refused = [m for m in [await talk.receive() for _ in range(3)] if m["type"] == "error"]
        assert [m["id"] for m in refused] == ["2"]
        assert refused[0]["payload"][0]["extensions"]["code"] == "TOO_MANY"


async def test_a_caller_holds_so_many_sockets_and_streams_and_no_more(
    site_settings: Settings, admin_token: str
) -> None:
    async with serving(site_settings.model_copy(update={"max_streams": 1})) as small:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {admin_token}"}
        body = {"query": ACTIVITY}
        async with talking(small, admin_token), talking(small) as other:
            response = await small.http.post("/graphql", json=body, headers=headers)
            assert (response.status_code, response.headers["retry-after"]) == (429, "10")
            payload = {"authorization": f"Bearer {admin_token}"}
            await other.send(type="connection_init", payload=payload)
            assert (await other.closed())[0] == 4429
        status = 429
        async with asyncio.timeout(60):  # the socket gives its place back
            while status != 200:
                await asyncio.sleep(0.02)
                async with small.http.stream(
                    "POST", "/graphql", json=body, headers=headers
                ) as response:
                    status = response.status_code


async def test_an_address_holds_so_many_sockets_that_do_not_say_who_they_are(
    site_settings: Settings, user_token: str
) -> None:
    async with serving(site_settings.model_copy(update={"max_streams": 1})) as small:
        async with talking(small), talking(small) as other:
            assert (await other.closed())[0] == 4429
        async with talking(small, user_token):
            pass


async def test_a_message_in_endless_frames_is_1009(site: Site, user_token: str) -> None:
    async with talking(site, user_token) as talk:
        await talk.send_raw([""] * (MAX_FRAMES + 10))
        assert (await talk.closed())[0] == 1009


async def test_a_message_over_the_limit_is_1009(site: Site, user_token: str) -> None:
    async with talking(site, user_token) as talk:
        with suppress(ConnectionClosed):
            await talk.send_raw("x" * (2**22 + 1))
        assert (await talk.closed())[0] == 1009


async def test_pongs_do_not_pile_up_for_who_reads_none(site: Site) -> None:
    """The peer pings without end and reads nothing."""
    known = {id(each) for each in protocols()}
    _, writer = await raw(site)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    writer.write(
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvYWwtc2hvYWwtc2hvYQ==\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    await asyncio.sleep(0.1)
    (mine,) = [each for each in protocols() if id(each) not in known]
    ping = b"\x89\xfd\0\0\0\0" + b"p" * 125
    for _ in range(400):
        writer.write(ping * 1_000)
        await asyncio.sleep(0)
        if not mine.writable.is_set():
            break
    for _ in range(100):
        writer.write(ping * 1_000)
        await asyncio.sleep(0)
    assert not mine.writable.is_set()
    assert mine.transport.get_write_buffer_size() < SEND_BUFFER_BYTES * 8
    writer.transport.abort()


def protocols() -> list[SocketProtocol]:
    return [each for each in gc.get_objects() if type(each) is SocketProtocol]
