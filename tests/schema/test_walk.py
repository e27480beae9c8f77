"""Rules that every part of the schema keeps, checked by walking all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
)

from schema.permissions import Public, Rule
from schema.root import schema
from tests.schema.conftest import Caller

GRAPHQL = schema._schema
TYPES = {
    name: kind
    for name, kind in GRAPHQL.type_map.items()
    if not name.startswith("__")
    and not (isinstance(kind, GraphQLScalarType) and is_specified_scalar_type(kind))
}
ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
ROOT_FIELDS = [(root, field) for root in ROOTS for field in GRAPHQL.type_map[root].fields]
PUBLIC = {"signIn", "refreshSession", "acceptInvitation"}
NO_FEEDS = {"PredictStreamItem", "Current"}
"""Unions that no endless subscription sends."""
BOUND = re.compile(r"\b(at most|one|all)\b", re.IGNORECASE)


def fields() -> Iterator[tuple[str, GraphQLField | GraphQLInputField]]:
    for name, kind in TYPES.items():
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field


def test_everything_is_described() -> None:
    bare = [name for name, kind in TYPES.items() if not kind.description]
    bare += [name for name, field in fields() if not field.description]
    for name, field in fields():
        arguments = getattr(field, "args", {})
        bare += [f"{name}({arg})" for arg, value in arguments.items() if not value.description]
    for name, kind in TYPES.items():
        if isinstance(kind, GraphQLEnumType):
            bare += [f"{name}.{key}" for key, item in kind.values.items() if not item.description]
    assert bare == []


def is_list(kind: object) -> bool:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)


def test_every_list_is_a_connection_or_says_its_bound() -> None:
    connections = {name for name in TYPES if name.endswith("Connection")}
    loose = [
        name
        for name, field in fields()
        if is_list(field.type)
        and name.split(".")[0] not in connections
        and not BOUND.search(field.description or "")
    ]
    assert loose == []


def test_every_connection_has_the_same_shape() -> None:
    for name, kind in TYPES.items():
        if name.endswith("Connection"):
            assert {"edges", "nodes", "pageInfo"} <= set(kind.fields), name
    for name, field in fields():
        if str(field.type).rstrip("!").endswith("Connection"):
            assert {"first", "after"} <= set(field.args), name
            assert field.args["first"].default_value == 20, name


@pytest.mark.parametrize("name", list(GRAPHQL.mutation_type.fields))
def test_mutation_takes_one_input_and_gives_one_payload(name: str) -> None:
    field = GRAPHQL.mutation_type.fields[name]
    assert list(field.args) == ["input"]
    for argument in field.args.values():
        taken = getattr(argument.type, "of_type", argument.type)
        is_required = isinstance(argument.type, GraphQLNonNull)
        assert taken.name == f"{name[0].upper()}{name[1:]}Input"
        assert is_required or not arguments_of(taken.fields)
    payload = field.type.of_type
    assert payload.name.endswith("Payload")
    assert str(payload.fields["userErrors"].type) == "[UserError!]!"
    others = [f for n, f in payload.fields.items() if n != "userErrors"]
    assert not any(isinstance(other.type, GraphQLNonNull) for other in others)


NEITHER = {
    "signIn": "it opens a session, which is all that a second one does as well",
    "refreshSession": "a refresh token serves once",
    "signOut": "what has ended stays so",
    "signOutEverywhere": "what has ended stays so",
    "changePassword": "the old password is what the caller has to know",
    "acceptInvitation": "an invitation serves once",
    "rotateApiKey": "the key is shown once; one whose answer was lost is rotated again",
    "revokeApiKey": "what has ended stays so",
    "completeUpload": "a complete upload stays as it is",
    "dismissFindings": "a finding has nothing but the decision that is to be overwritten",
    "reviewCorrections": "it takes `expectedVersions`, one for each answer",
    "setQuota": "a quota has nothing but the number that is to be overwritten",
    "skipLabellingItem": "what was skipped stays so",
    "undo": "a token knows what it expects, and serves once",
    "exportAuditLog": "it makes nothing but a link that ends by itself",
    "deleteWebhook": "what is gone stays so",
    "rotateWebhookSecret": "the secret is shown once; one whose answer was lost is rotated again",
    "resendDelivery": "sending again is what it is for; receivers tell by the delivery's id",
    "testWebhook": "sending again is what it is for; receivers tell by the delivery's id",
}
"""Mutations with neither an `idempotencyKey` nor an `expectedVersion`, and why they need none."""
DESTROYS = re.compile(
    "^(delete|purge|unpin|withdraw|publish|rollBack|cancel|drain|disable|merge|edit(Dataset)|fix"
    "|applyFixes|signOutEverywhere|revoke)"
)
"""Names of mutations that take something away, or from under others."""
NO_DRY_RUN = {
    "revokeApiKey": "it ends the one key that it names, whose last use and budget are listed",
}


def input_of(name: str) -> set[str]:
    taken = GRAPHQL.mutation_type.fields[name].args["input"].type
    return set(getattr(taken, "of_type", taken).fields)


def test_every_mutation_can_be_sent_twice_or_knows_what_it_changes() -> None:
    """What makes something takes the caller's key, what changes something the revision seen."""
    bare = {
        name
        for name in GRAPHQL.mutation_type.fields
        if not input_of(name) & {"idempotencyKey", "expectedVersion"}
    }
    assert bare == set(NEITHER)


def test_a_mutation_that_gives_a_job_makes_it_once() -> None:
    acting_on_one = {"cancelJob", "changeJobPriority"}
    for name, field in GRAPHQL.mutation_type.fields.items():
        if "job" in field.type.of_type.fields and name not in acting_on_one:
            assert "idempotencyKey" in input_of(name), name


def test_what_takes_something_away_can_be_tried_first() -> None:
    destroying = {name for name in GRAPHQL.mutation_type.fields if DESTROYS.search(name)}
    tried = {name for name in GRAPHQL.mutation_type.fields if "dryRun" in input_of(name)}
    assert destroying - tried == set(NO_DRY_RUN)
    for name in tried:
        fields = set(GRAPHQL.mutation_type.fields[name].type.of_type.fields)
        assert fields & {"effect", "handedBack", "waiting"}, name


@pytest.mark.parametrize(("root", "name"), ROOT_FIELDS)
def test_root_field_has_one_rule(root: str, name: str) -> None:
    field = schema.get_field_for_type(name, root)
    assert field is not None
    rules = [each for each in field.extensions if isinstance(each, Rule)]
    assert len(rules) == 1
    assert isinstance(rules[0], Public) == (name in PUBLIC)


def literal(kind: object) -> str:
    """Some value of an input type, as GraphQL text."""
    if isinstance(kind, GraphQLNonNull):
        return literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return "[]"
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return "{" + arguments_of(kind.fields) + "}"
    assert isinstance(kind, GraphQLScalarType)
    return {"Int": "1", "BigInt": "1", "Float": "1.0", "Boolean": "true"}.get(kind.name, '"x"')


def is_required(given: GraphQLArgument | GraphQLInputField) -> bool:
    is_argument = isinstance(given, GraphQLArgument)
    return is_required_argument(given) if is_argument else is_required_input_field(given)


def arguments_of(arguments: dict[str, GraphQLArgument] | dict[str, GraphQLInputField]) -> str:
    required = {n: a for n, a in arguments.items() if is_required(a)}
    return ", ".join(f"{name}: {literal(each.type)}" for name, each in required.items())


def operation(root: str, name: str) -> str:
    field = GRAPHQL.type_map[root].fields[name]
    arguments = arguments_of(field.args)
    asked = f"{name}({arguments})" if arguments else name
    return f"{ROOTS[root]} {{ {asked} {{ __typename }} }}"


@pytest.mark.parametrize(
    ("root", "name"), [(root, name) for root, name in ROOT_FIELDS if name not in PUBLIC]
)
async def test_root_field_refuses_strangers(nobody: Caller, root: str, name: str) -> None:
    query = operation(root, name)
    if root != "Subscription":
        assert await nobody.codes(query) == ["UNAUTHENTICATED"]
        return
    results = [each async for each in await schema.subscribe(query, {}, nobody.context())]
    assert [each.extensions["code"] for each in results[0].errors or []] == ["UNAUTHENTICATED"]


def test_unions_and_interfaces_have_members() -> None:
    for kind in TYPES.values():
        if isinstance(kind, GraphQLUnionType) and kind.name not in NO_FEEDS:
            assert {"CaughtUp", "Gap", "Heartbeat"} <= {each.name for each in kind.types}
    errors = GRAPHQL.get_implementations(GRAPHQL.type_map["UserError"]).objects
    assert len(errors) == 11
