"""Deny by default: every door and every field, tried by somebody whom nobody knows."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from schema.root import schema
from server.app import create_app
from store.settings import Settings
from tests.server.conftest import Site, talking

PUBLIC_FIELDS = {"signIn", "refreshSession", "acceptInvitation"}
PUBLIC_ROUTES = {"/healthz": 200, "/readyz": 200, "/": 307, "/graphiql": 200}


def value_of(kind: GraphQLInputType) -> str:
    """Some literal of the type, so that the document is valid and only its caller is not."""
    if isinstance(kind, GraphQLNonNull):
        return value_of(kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{value_of(kind.of_type)}]"
    if isinstance(kind, GraphQLInputObjectType):
        needed = {n: f for n, f in kind.fields.items() if isinstance(f.type, GraphQLNonNull)}
        return "{" + " ".join(f"{n}: {value_of(f.type)}" for n, f in needed.items()) + "}"
    if values := getattr(kind, "values", None):
        return next(iter(values))
    samples = {"Int": "1", "BigInt": "1", "Float": "1.0", "Boolean": "true", "JSON": "{}"}
    return samples.get(getattr(kind, "name", ""), '"x"')


def document(operation: str, name: str, field: GraphQLField) -> str:
    needed = {n: a for n, a in field.args.items() if isinstance(a.type, GraphQLNonNull)}
    arguments = ", ".join(f"{n}: {value_of(a.type)}" for n, a in needed.items())
    call = f"{name}({arguments})" if arguments else name
    leaf = is_leaf_type(get_named_type(field.type))
    return f"{operation} {{ {call} {'' if leaf else '{ __typename }'} }}"


def fields(operation: str, root: GraphQLObjectType | None) -> list[tuple[str, str]]:
    assert root is not None
    return [(name, document(operation, name, field)) for name, field in root.fields.items()]


BY_HTTP = fields("query", schema._schema.query_type) + fields(
    "mutation", schema._schema.mutation_type
)
SUBSCRIPTIONS = fields("subscription", schema._schema.subscription_type)


async def test_no_field_but_signing_in_is_open_to_strangers(site: Site) -> None:
    opened = set()
    for name, query in BY_HTTP:
        response = await site.ask(query)
        codes = [e["extensions"]["code"] for e in response.json().get("errors", [])]
        assert codes in ([], ["UNAUTHENTICATED"]), (query, response.text)
        if not codes:
            opened.add(name)
    assert opened == PUBLIC_FIELDS


async def test_no_subscription_is_open_to_strangers(site: Site) -> None:
    for _, query in SUBSCRIPTIONS:
        headers = {"accept": "text/event-stream"}
        response = await site.http.post("/graphql", json={"query": query}, headers=headers)
        assert response.status_code == 401, query
    async with talking(site) as talk:
        await talk.send(type="connection_init", payload={})
        assert (await talk.closed())[0] == 4403


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_no_route_but_health_is_open_to_strangers(
    site: Site, site_settings: Settings, token: str
) -> None:
    app = create_app(site_settings)
    assert isinstance(app, Starlette)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    for path, method in [pair for route in app.routes for pair in doors(route)]:
        response = await site.http.request(method, path, headers=headers)
        if path not in PUBLIC_ROUTES and path != "/metrics":  # which is open on this machine
            assert response.status_code in (400, 401, 403, 415), (method, path)


def doors(route: BaseRoute) -> list[tuple[str, str]]:
    """Path and method of each way through a route, with something in the place of parameters."""
    if isinstance(route, Mount) or not isinstance(route, Route):
        return []
    path = route.path.replace("{upload_id}", "upl_x").replace("{number:int}", "1")
    path = path.replace("{key:path}", "datasets/x")
    return [(path, method) for method in sorted(route.methods or ())]
