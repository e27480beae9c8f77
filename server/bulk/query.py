"""A bulk query: all pages of its outermost list, each with all pages of the lists within."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from schema.operations.paged import PagedList
from server.bulk.calls import Calls
from server.bulk.sheet import Sheet

PARENT = "__parentId"
Counted = Callable[[int], Awaitable[None]]
Advanced = Callable[[], Awaitable[None]]


class BulkQuery:
    def __init__(self, root: PagedList, calls: Calls, sheet: Sheet) -> None:
        self._root = root
        self._calls = calls
        self._sheet = sheet

    async def run(self, counted: Counted, advanced: Advanced) -> None:
        """Write all that is left; `counted` hears how much there is in all."""
        known_total = False
        while not self._sheet.tally.is_whole:
            tally = self._sheet.tally
            variables = {"after": tally.cursor, "counted": not known_total}
            data = await self._calls.data(self._root.further, variables)
            page = _at(data, self._root.way)
            nodes = page["nodes"] if page else []
            if page and not known_total:
                await counted(page.get("totalCount", 0))
                known_total = True
            for node in filter(None, nodes):
                await self._write(node, self._root, None)
            has_more = page is not None and page["pageInfo"]["hasNextPage"]
            self._sheet.tally = replace(
                self._sheet.tally,
                cursor=page["pageInfo"]["endCursor"] if has_more and page else None,
                done=tally.done + len(nodes),
                is_whole=not has_more,
            )
            if await self._sheet.keep(at_once=not has_more):
                await advanced()

    async def _write(self, node: dict[str, Any], of: PagedList, parent_id: str | None) -> None:
        """A thing, and after it the things of the lists within."""
        pages = [(within, _taken(node, within.way)) for within in of.within]
        self._sheet.write(node if parent_id is None else node | {PARENT: parent_id})
        await self._sheet.spill()
        for within, page in pages:
            await self._write_all(page, within, node["id"])

    async def _write_all(self, page: Any, of: PagedList, parent_id: str) -> None:
        while page is not None:
            for node in filter(None, page["nodes"]):
                await self._write(node, of, parent_id)
            if not page["pageInfo"]["hasNextPage"]:
                return
            variables = {"id": parent_id, "after": page["pageInfo"]["endCursor"]}
            data = await self._calls.data(of.further, variables)
            page = _at(data, ("node", *of.way))


def _at(data: Any, way: tuple[str, ...]) -> Any:
    """What lies there; None where the way ends before."""
    for key in way:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _taken(node: dict[str, Any], way: tuple[str, ...]) -> Any:
    """What lies there, taken out, and what held nothing else with it."""
    key, *rest = way
    inner = node.get(key)
    if not rest:
        return node.pop(key, None)
    found = _taken(inner, tuple(rest)) if isinstance(inner, dict) else None
    if inner == {}:
        del node[key]
    return found
