"""Lists: Relay connections with signed cursors.

A cursor is the last record's key and an HMAC of it with the list's name, its arguments and who
asks: nobody can make one up, or use that of another list, of other arguments or of somebody else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar

import strawberry
from graphql.execution.values import VariableValues, get_argument_values

from schema.context import Info
from schema.cost import costs
from store.codec import to_plain
from store.errors import InvalidValue
from store.mongo.collection import Filter, Page, Record

MAX_FIRST = 100
largest_page: ContextVar[int] = ContextVar("largest_page", default=MAX_FIRST)
"""Larger in the tasks of bulk operations: a store without fitting indexes sorts for each page."""
MAC_BYTES = 16
PAGE = ("first", "after")
"""Arguments that say which page of a list, not which list."""

T = TypeVar("T")
R = TypeVar("R")
M = TypeVar("M", bound=Record)


class Pages(Protocol[M]):
    """A collection, as far as a list needs it."""

    async def page(
        self, where: Filter, *, first: int, after_id: str | None = None, descending: bool = True
    ) -> Page[M]: ...

    async def count(self, where: Filter) -> int: ...


First = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")]
After = Annotated[
    str | None, strawberry.argument(description="A cursor of this list: begin after it.")
]


@dataclass(frozen=True, slots=True)
class Cursors:
    """Places in one list, as one viewer asks for it."""

    secrets: Sequence[bytes]
    """The first one signs, each of them verifies."""
    scope: str

    def write(self, key: str) -> str:
        """The cursor that stands at the record `key`."""
        return self._signed(self.secrets[0], key)

    def read(self, cursor: str) -> str:
        """The key in a cursor of this list; raises InvalidValue for any other text."""
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            key = raw[MAC_BYTES:].decode()
        except ValueError:
            raise InvalidValue("this is no cursor of this list", "after") from None
        if not any(hmac.compare_digest(self._signed(s, key), cursor) for s in self.secrets):
            raise InvalidValue("this is no cursor of this list", "after")
        return key

    def _signed(self, secret: bytes, key: str) -> str:
        message = f"cursor:{self.scope}:{key}".encode()
        mac = hmac.digest(secret, message, hashlib.sha256)[:MAC_BYTES]
        return urlsafe_b64encode(mac + key.encode()).decode().rstrip("=")


def cursors(info: Info, name: str) -> Cursors:
    """Those of the list `name`, asked for as this field is by this viewer."""
    raw = info._raw_info
    field = raw.parent_type.fields[raw.field_name]
    variables = VariableValues({}, info.variable_values)
    asked = get_argument_values(field, raw.field_nodes[0], variables)
    plain = {key: value for key, value in asked.items() if key not in PAGE}
    scope = json.dumps([name, info.context.signed_in.id, plain], sort_keys=True, default=str)
    return Cursors(info.context.store.settings.secrets, scope)


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """What a list resolver returns: one page, and how to count the rest if somebody asks."""

    nodes: Sequence[R]
    after: str | None
    has_next: bool
    cursor_of: Callable[[R], str]
    count: Callable[[], Awaitable[int]]


async def list_page(
    info: Info,
    collection: Pages[M],
    where: dict[str, Any],
    *,
    name: str,
    first: int,
    after: str | None,
) -> Listing[M]:
    """One page of a collection, newest first; cursors are signed for the list `name`."""
    check_first(first)
    places = cursors(info, name)
    after_id = None if after is None else places.read(after)
    page = await collection.page(where, first=first, after_id=after_id)
    return Listing(
        nodes=page.items,
        after=after,
        has_next=page.has_next,
        cursor_of=lambda record: places.write(record.id),
        count=lambda: collection.count(where),
    )


def matching(**asked: object) -> dict[str, Any]:
    """The filter of records with these values; None matches all, a list any of its values."""
    plain = {key: to_plain(value) for key, value in asked.items() if value is not None}
    return {k: {"$in": v} if isinstance(v, list) else v for k, v in plain.items()}


def check_first(first: int) -> None:
    """Raise InvalidValue unless 1 <= first <= 100, or what bulk operations may ask for."""
    most = largest_page.get()
    if not 1 <= first <= most:
        raise InvalidValue(f"first is {first}; it must be between 1 and {most}", "first")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether it began after a cursor.")
    start_cursor: str | None = strawberry.field(description="The cursor of its first item.")
    end_cursor: str | None = strawberry.field(description="Pass it as `after` for the next page.")


def page_info(cursors: Sequence[str], after: str | None, has_next: bool) -> PageInfo:
    """Of a page that begins and ends at these cursors."""
    first, last = (cursors[0], cursors[-1]) if cursors else (None, None)
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=after is not None,
        start_cursor=first,
        end_cursor=last,
    )


@strawberry.type(description="An item of a list with its place in it.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The item.")
    cursor: str = strawberry.field(description="Pass it as `after` to begin behind this item.")


def _edges(listing: strawberry.Parent[Listing[Any]]) -> list[Any]:
    return [Edge(node=item, cursor=listing.cursor_of(item)) for item in listing.nodes]


def _page_info(listing: strawberry.Parent[Listing[Any]]) -> PageInfo:
    ends = [*listing.nodes[:1], *listing.nodes[-1:]]
    return page_info([listing.cursor_of(each) for each in ends], listing.after, listing.has_next)


async def _total_count(listing: strawberry.Parent[Listing[Any]]) -> int:
    return await listing.count()


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(
        resolver=_edges, graphql_type=list[Edge[T]], description="The items, each with its cursor."
    )
    nodes: list[T] = strawberry.field(description="The items.")
    page_info: PageInfo = strawberry.field(
        resolver=_page_info, description="Where the page stands."
    )
    total_count: int = strawberry.field(
        directives=costs(1),
        resolver=_total_count,
        description="Items in the whole list; counted only when selected.",
    )
