"""Subscriptions: an event is executed once for all who are told the same of it.

Subscribers of this process with the same document, variables and viewer are one audience. They
are alike in all that a resolver may look at, so nothing passes from one viewer to another. Each
follows the source by itself, from its own cursor and at its own speed. An event that several of
them come to within SHARED_S is executed and encoded for the first, and sent to all.

A record that is sent along is loaded after its event arrived here, never before: it may be newer
than the event, and at most SHARED_S older than its sending.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing
from dataclasses import replace
from typing import Any

import orjson
from graphql import DocumentNode
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from schema.context import Context
from schema.errors import describe_all
from schema.feeds.streams import Stream, shown
from schema.root import schema
from server.execution.shared import Shared
from server.http.answers import Result
from server.http.operations import Operation
from store.records.event import Event
from store.records.viewer import Viewer

SHARED_S = 1.0

Key = tuple[str, str | None, str, Viewer]


class Audiences:
    """Those of one process."""

    def __init__(self) -> None:
        self._open: Shared[Key, Audience] = Shared()

    def joined(
        self, operation: Operation, document: DocumentNode, context: Context
    ) -> AbstractContextManager[Audience]:
        """The audience of a subscription that is checked already."""
        variables = orjson.dumps(operation.variables, option=orjson.OPT_SORT_KEYS).decode()
        viewer = replace(context.signed_in, expires_at=None)
        key = operation.query, operation.name, variables, viewer
        return self._open.holding(key, lambda: Audience(operation, document, context))


class Audience:
    """Errors carry the request id of its first member, under which the log has them."""

    def __init__(self, operation: Operation, document: DocumentNode, context: Context) -> None:
        self._request_id = context.request_id
        executor = schema.begin(document, operation.name, operation.variables, context)
        self._stream = executor if isinstance(executor, list) else Stream(executor)
        self._results: dict[str, asyncio.Task[Result]] = {}

    async def results(self) -> AsyncGenerator[Result, None]:
        """Every result for one member; closing the generator closes its source."""
        source = await self._source()
        if isinstance(source, Result):
            yield source
            return
        try:
            async with aclosing(source):
                async for item in source:
                    yield await self._told(item)
        except Exception as error:
            yield self._result(ExecutionResult(None, [shown(error)]))

    async def _source(self) -> AsyncGenerator[Any, None] | Result:
        if isinstance(self._stream, list):
            return self._result(PreExecutionError(None, self._stream))
        source = await self._stream.source()
        if isinstance(source, list):
            return self._result(PreExecutionError(None, source))
        return source

    async def _told(self, item: object) -> Result:
        """What members are told of an item of their source."""
        if not isinstance(item, Event):
            return await self._execute(item)
        task = self._results.get(item.cursor)
        if task is None:
            task = self._results[item.cursor] = asyncio.create_task(self._execute(item))
            asyncio.get_running_loop().call_later(SHARED_S, self._results.pop, item.cursor)
        # a member that leaves takes nobody along
        return task.result() if task.done() else await asyncio.shield(task)

    async def _execute(self, item: object) -> Result:
        assert not isinstance(self._stream, list)
        return self._result(await self._stream.told(item), getattr(item, "cursor", None))

    def _result(self, result: ExecutionResult, cursor: str | None = None) -> Result:
        describe_all(result.errors or [], self._request_id)
        return Result.of(result, cursor)
