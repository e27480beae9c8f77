"""Connections: pages, cursors, counts."""

from __future__ import annotations

import pytest

from schema.paging import Cursors
from store.errors import InvalidValue
from tests.schema.conftest import Caller
from tests.schema.making import create

PAGE = """
query($first: Int!, $after: String) {
  datasets(first: $first, after: $after) {
    totalCount edges { cursor node { name } } nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def test_pages_go_newest_first(alice: Caller) -> None:
    for name in ("one", "two", "three"):
        await create(alice, name)
    page = (await alice(PAGE, first=2))["datasets"]
    assert [node["name"] for node in page["nodes"]] == ["three", "two"]
    assert [edge["node"] for edge in page["edges"]] == page["nodes"]
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": page["edges"][0]["cursor"],
        "endCursor": page["edges"][1]["cursor"],
    }
    assert page["totalCount"] == 3
    rest = (await alice(PAGE, first=2, after=page["pageInfo"]["endCursor"]))["datasets"]
    assert [node["name"] for node in rest["nodes"]] == ["one"]
    assert rest["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": rest["edges"][0]["cursor"],
        "endCursor": rest["edges"][0]["cursor"],
    }
    assert rest["totalCount"] == 3


async def test_empty_page(alice: Caller) -> None:
    assert (await alice(PAGE, first=1))["datasets"] == {
        "totalCount": 0,
        "edges": [],
        "nodes": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


@pytest.mark.parametrize("first", [-1, 0, 101])
async def test_first_has_bounds(alice: Caller, first: int) -> None:
    (error,) = await alice.errors(PAGE, first=first)
    assert error["message"] == f"first is {first}; it must be between 1 and 100"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_cursors_of_other_lists_are_refused(alice: Caller) -> None:
    await create(alice)
    jobs = await alice("{ jobs { pageInfo { endCursor } } }")
    foreign = jobs["jobs"]["pageInfo"]["endCursor"]
    for after in (foreign, "", "nonsense", "ä", "a" * 5_000):
        assert await alice.codes(PAGE, first=1, after=after) == ["BAD_USER_INPUT"]


async def test_cursors_are_of_one_list_as_one_viewer_asks_for_it(
    alice: Caller, bob: Caller
) -> None:
    query = """
    query($after: String, $name: String, $first: Int! = 1) {
      datasets(first: $first, after: $after, filter: {name: $name}) {
        pageInfo { endCursor }
      }
    }
    """
    await create(alice)
    await create(bob)
    cursor = (await alice(query))["datasets"]["pageInfo"]["endCursor"]
    assert await alice.codes(query, after=cursor) == []
    assert await alice.codes(query, after=cursor, first=2) == []
    assert await alice.codes(query, after=cursor, name="L") == ["BAD_USER_INPUT"]
    assert await bob.codes(query, after=cursor) == ["BAD_USER_INPUT"]


async def test_what_was_left_out_and_what_is_null_is_one_list(alice: Caller) -> None:
    await create(alice)
    cursor = (await alice(PAGE, first=1))["datasets"]["pageInfo"]["endCursor"]
    literal = (
        "query($after: String) { datasets(filter: null, first: 7, after: $after) { nodes { id } } }"
    )
    assert await alice.codes(literal, after=cursor) == []


def test_a_cursor_is_bound_to_its_secret_and_outlives_a_new_one() -> None:
    cursor = Cursors((b"old",), "datasets").write("ds_1")
    for secrets in ((b"old",), (b"new", b"old")):
        assert Cursors(secrets, "datasets").read(cursor) == "ds_1"
    for secrets, scope in (((b"new",), "datasets"), ((b"old",), "jobs")):
        with pytest.raises(InvalidValue):
            Cursors(secrets, scope).read(cursor)
