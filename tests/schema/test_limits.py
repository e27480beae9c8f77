"""Documents that ask for too much are refused at once, whatever their shape."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query, parse

from schema.documents.documents import check
from schema.documents.limits import Size, measured
from schema.root import schema
from tests.schema.conftest import Caller


def size(query: str) -> Size:
    return measured(parse(query))[0][0]


def test_size_counts_expanded_fragments() -> None:
    query = "{ a: x { ...f ...f } } fragment f on T { y @skip(if: true) { z } }"
    assert size(query) == Size(
        depth=3, root_fields=1, fields=5, aliases=1, directives=2, fragments=2, nesting=4
    )


def doubling(levels: int) -> str:
    fragments = [f"fragment f{n} on Job {{ ...f{n + 1} ...f{n + 1} }}" for n in range(levels)]
    return " ".join([*fragments, f"fragment f{levels} on Job {{ id }}"])


def chain(levels: int) -> str:
    fragments = [f"fragment f{n} on Job {{ ...f{n + 1} }}" for n in range(levels)]
    return " ".join([*fragments, f"fragment f{levels} on Job {{ id }}"])


CYCLE = "fragment f0 on Job { ...g ...g } fragment g on Job { ...f0 ...f0 }"
JOBS = "{ jobs { nodes { %s } } }"
SAME = "".join(f"a{n}: __typename " for n in range(21))


@pytest.mark.parametrize(
    ("query", "what"),
    [
        (JOBS % "...f0" + doubling(22), "fields come to"),
        ("{ __typename }" + doubling(22), "document's fields come to"),
        ("{ ...r } fragment r on Query { " + SAME + " }", "root fields come to"),
        (JOBS % "...f0" + chain(600), "nests more than 40 levels"),
        (JOBS % "...f0" + CYCLE, "nests more than 40 levels"),
        (JOBS % ("dataset { jobs { nodes { " * 6 + "id" + " } } }" * 6), "depth come to"),
        ("{ " + SAME + "}", "root fields come to"),
        (JOBS % "".join(f"a{n}: id " for n in range(51)), "aliases come to"),
        (JOBS % ("id " * 22), "repeated fields come to"),
        (JOBS % ("... { id } " * 101), "fragments come to"),
        (JOBS % ("id " + "@skip(if: false) " * 51), "directives come to"),
        ("{ " + "a " * 6_000 + "}", "more than 5000 tokens"),
        ("{" * 300, "Syntax Error"),
    ],
)
async def test_too_large_is_refused(nobody: Caller, query: str, what: str) -> None:
    (error,) = await nobody.errors(query)
    assert what in error["message"]
    assert error["extensions"]["code"] in ("TOO_LARGE", "BAD_REQUEST")


async def test_a_fragment_may_have_more_fields_than_a_query_at_its_root(alice: Caller) -> None:
    query = JOBS % "...wide" + "fragment wide on Job { " + SAME + " }"
    assert await alice(query) == {"jobs": {"nodes": []}}


async def test_code_of_a_large_document(nobody: Caller) -> None:
    assert await nobody.codes(JOBS % "...f0" + doubling(22)) == ["TOO_LARGE"]


def test_what_tools_send_is_allowed() -> None:
    assert check(schema._schema, get_introspection_query()).errors == ()


async def test_same_error_twice_has_each_request_id(nobody: Caller) -> None:
    for _ in range(2):
        (error,) = await nobody.errors("{ nothing }")
        assert error["extensions"] == {"code": "BAD_REQUEST", "requestId": "req-1"}
