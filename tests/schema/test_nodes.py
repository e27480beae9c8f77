"""Everything with an id is found by it, by whoever may see it, and by nobody else."""

from __future__ import annotations

import pytest
from graphql import GraphQLNonNull, GraphQLObjectType

from schema.root import schema
from store import ids
from store.records.account import Role
from tests.schema.conftest import Caller, NewCaller
from tests.schema.world import World, build

GRAPHQL = schema._schema
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
NO_NODES = {
    "AuditEntry": "the log is read as a list, by admins, and nothing refers to an entry of it",
    "Fix": "its id is a word that says what it does, and is the same in many diagnoses",
    "MapCluster": "one id is of one cluster in every version, and it is another object in each",
    "PredictionAnswer": "its id is that of the logged Prediction, which is the node",
    "TrashedThing": "its id is that of a data set or a model, which is not there while it is in "
    "the trash",
    "Worker": "it says every few seconds that it is there, and is kept nowhere",
}


@pytest.fixture
async def world(admin: Caller) -> World:
    return await build(admin)


def test_whatever_has_an_id_is_a_node() -> None:
    node = GRAPHQL.type_map["Node"]
    nodes = {each.name for each in GRAPHQL.get_implementations(node).objects}
    having = {
        name
        for name, kind in GRAPHQL.type_map.items()
        if isinstance(kind, GraphQLObjectType) and "id" in kind.fields
    }
    assert having - nodes == set(NO_NODES)
    for name in having:
        assert isinstance(GRAPHQL.type_map[name].fields["id"].type, GraphQLNonNull), name


async def test_node_finds_one_of_every_kind(world: World) -> None:
    found = {
        (await world.owner(NODE, id=identifier))["node"]["__typename"]
        for identifier in world.ids.values()
    }
    node = GRAPHQL.type_map["Node"]
    assert found == {each.name for each in GRAPHQL.get_implementations(node).objects}
    asked = list(world.ids.values())
    listed = (await world.owner(NODES, ids=asked))["nodes"]
    assert [each["id"] for each in listed] == asked


async def test_what_belongs_to_others_and_what_is_not_there_are_alike(
    world: World, alice: Caller, nobody: Caller
) -> None:
    for kind, identifier in world.ids.items():
        for asked in (identifier, world.unknown(kind)):
            assert await alice(NODE, id=asked) == {"node": None}, kind
            assert await nobody.codes(NODE, id=asked) == ["UNAUTHENTICATED"]
    asked = [*world.ids.values(), *map(world.unknown, world.ids), "", "x", "ds_", "dsv_x-y"]
    assert (await alice(NODES, ids=asked))["nodes"] == [None] * len(asked)


async def test_an_owner_who_is_no_admin_finds_what_is_theirs(alice: Caller) -> None:
    world = await build(alice)
    hidden = {ids.INVITATION}  # for admins alone
    for kind, identifier in world.ids.items():
        found = (await alice(NODE, id=identifier))["node"]
        assert (found is None) == (kind in hidden), kind


async def test_ids_are_at_most_100(alice: Caller) -> None:
    assert await alice.codes(NODES, ids=["x"] * 101) == ["BAD_USER_INPUT"]
    assert (await alice(NODES, ids=["x"] * 100))["nodes"] == [None] * 100


async def test_nobody_sees_the_account_of_others(
    alice: Caller, bob: Caller, new_caller: NewCaller
) -> None:
    second = await new_caller("second", Role.ADMIN)
    assert (await bob(NODE, id=alice.id))["node"] is None
    assert (await second(NODE, id=alice.id))["node"]["id"] == alice.id
