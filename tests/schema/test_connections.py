"""Every list of the schema, asked for too little, too much, and from places that are none of its.

What the places of one list are good for is in test_paging.
"""

from __future__ import annotations

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLOutputType

from schema.root import schema
from tests.schema.conftest import Caller
from tests.schema.world import World, build

GRAPHQL = schema._schema
BY_ID = """
query($first: Int! = 20, $after: String, $id: ID!) {{
  node(id: $id) {{ ... on {type} {{ {field} }} }}
}}
"""
ASKED = "{name}(first: $first, after: $after) {{ pageInfo {{ endCursor }} }}"
ROOTS = {"Query": "{field}", "Viewer": "viewer {{ {field} }}"}
ELSEWHERE = {
    "VersionDiff.changes": "workers compare the versions before it is asked: "
    "tests/workers/test_edits.py",
}
ASKS_WORKERS = {"rowList"}
"""Lists that need a worker once their arguments are good."""


def is_connection(kind: GraphQLOutputType) -> bool:
    return str(kind).rstrip("!").endswith("Connection")


LISTS = [
    (kind.name, name)
    for kind in GRAPHQL.type_map.values()
    if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType))
    for name, field in kind.fields.items()
    if is_connection(field.type) and f"{kind.name}.{name}" not in ELSEWHERE
]


@pytest.fixture
async def world(admin: Caller) -> World:
    return await build(admin)


def document(kind: str, name: str) -> str:
    field = ASKED.format(name=name)
    if kind in ROOTS:
        body = ROOTS[kind].format(field=field)
        return f"query($first: Int! = 20, $after: String) {{ {body} }}"
    return BY_ID.format(type=kind, field=field)


async def test_every_list_has_bounds_and_knows_its_places(world: World) -> None:
    caller, kinds = world.owner, {}
    for each in world.ids.values():
        found = await caller("query($id: ID!) { node(id: $id) { __typename } }", id=each)
        kinds[found["node"]["__typename"]] = each
    users = await caller("{ users(first: 1) { pageInfo { endCursor } } }")
    jobs = await caller("{ jobs(first: 1) { pageInfo { endCursor } } }")
    foreign = {"users": jobs["jobs"]["pageInfo"]["endCursor"]}
    for kind, name in LISTS:
        query = document(kind, name)
        of = {} if kind in ROOTS else {"id": kinds[kind]}
        for first in (-1, 0, 101):
            assert await caller.codes(query, first=first, **of) == ["BAD_USER_INPUT"], query
        others = foreign.get(name, users["users"]["pageInfo"]["endCursor"])
        for after in ("", "nonsense", "ä", "a" * 5_000, others):
            assert await caller.codes(query, after=after, **of) == ["BAD_USER_INPUT"], query
        if name not in ASKS_WORKERS:
            assert await caller.codes(query, first=100, **of) == [], query
