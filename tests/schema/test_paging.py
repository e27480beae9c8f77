"""Connections: pages, cursors, counts."""

from __future__ import annotations

import pytest

from schema.paging import read_cursor, write_cursor
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
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_cursors_of_other_lists_are_refused(alice: Caller) -> None:
    await create(alice)
    jobs = await alice("{ jobs { pageInfo { endCursor } } }")
    foreign = jobs["jobs"]["pageInfo"]["endCursor"]
    for after in (foreign, "", "nonsense", "ä", "a" * 5_000):
        assert await alice.codes(PAGE, first=1, after=after) == ["INVALID_INPUT"]


def test_cursor_is_bound_to_secret_and_list() -> None:
    cursor = write_cursor(b"secret", "datasets", "ds_1")
    assert read_cursor(b"secret", "datasets", cursor) == "ds_1"
    for secret, name in ((b"other", "datasets"), (b"secret", "jobs")):
        with pytest.raises(InvalidValue):
            read_cursor(secret, name, cursor)
