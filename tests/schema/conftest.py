"""Callers who run operations through the built schema, in this process, on a real store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest

from schema.context import Context
from schema.loaders import open_loaders
from schema.root import schema
from store import ids
from store.clock import now
from store.records.account import Role, Scope, User
from store.records.viewer import Viewer
from store.store import Store


@dataclass(frozen=True)
class Caller:
    """Somebody with the means to ask; `viewer` is None for who has not signed in."""

    store: Store
    viewer: Viewer | None

    @property
    def id(self) -> str:
        assert self.viewer is not None
        return self.viewer.id

    def context(self) -> Context:
        return Context(self.store, self.viewer, open_loaders(self.store), request_id="req-1")

    async def __call__(self, query: str, **variables: Any) -> Any:
        """The data of an operation that must go well."""
        result = await schema.execute(query, variables, self.context())
        assert result.errors is None, [error.formatted for error in result.errors]
        return result.data

    async def errors(self, query: str, **variables: Any) -> list[Any]:
        """The errors of an operation, as clients get them."""
        result = await schema.execute(query, variables, self.context())
        return [error.formatted for error in result.errors or []]

    async def codes(self, query: str, **variables: Any) -> list[str]:
        return [each["extensions"]["code"] for each in await self.errors(query, **variables)]

    async def raw(self, query: str, **variables: Any) -> AsyncGenerator[Any, None]:
        """The results of a subscription."""
        results = await schema.subscribe(query, variables, self.context())
        async with aclosing(results):
            async for result in results:
                yield result

    async def follow(self, query: str, **variables: Any) -> AsyncGenerator[Any, None]:
        """The one field of each result of a subscription that goes well."""
        async with aclosing(self.raw(query, **variables)) as results:
            async for result in results:
                assert result.errors is None, [error.formatted for error in result.errors]
                yield next(iter(result.data.values()))


NewCaller = Callable[..., Awaitable[Caller]]


@pytest.fixture
def new_caller(store: Store) -> NewCaller:
    async def make(name: str, role: Role = Role.USER, scopes: set[Scope] | None = None) -> Caller:
        user = User(ids.new(ids.USER), f"{name}@example.org", name, role, "-", now())
        await store.mongo.users.insert(user)
        every = set(Scope) if role is Role.ADMIN else set(Scope) - {Scope.ADMIN}
        return Caller(store, Viewer(user, frozenset(every if scopes is None else scopes)))

    return make


@pytest.fixture
async def alice(new_caller: NewCaller) -> Caller:
    return await new_caller("alice")


@pytest.fixture
async def bob(new_caller: NewCaller) -> Caller:
    return await new_caller("bob")


@pytest.fixture
async def admin(new_caller: NewCaller) -> Caller:
    return await new_caller("admin", Role.ADMIN)


@pytest.fixture
def nobody(store: Store) -> Caller:
    return Caller(store, None)
