"""A subscription at work: its source, and what is told of each item of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from graphql import ExecutionResult as Outcome
from graphql import GraphQLError
from graphql.execution import Executor, create_source_event_stream, execute_subscription_event
from strawberry.types import ExecutionResult

EVENT_TIMEOUT_S = 30.0
"""For what is sent along with an event, and for whatever a stream begins with."""


class Stream:
    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor

    async def source(self) -> AsyncGenerator[Any, None] | list[GraphQLError]:
        """Its items, to be closed by the caller; or why there are none."""
        source: Any = create_source_event_stream(self._executor)
        if self._executor.is_awaitable(source):
            try:
                async with asyncio.timeout(EVENT_TIMEOUT_S):
                    source = await source
            except TimeoutError:
                return [_too_long()]
        if isinstance(source, Outcome):
            return source.errors or []
        items: AsyncGenerator[Any, None] = source
        return items

    async def told(self, item: object) -> ExecutionResult:
        """What a subscriber is told of an item."""
        executor = self._executor.build_per_event_executor(item)
        # which shares it with all others, though nobody else ever finds what this event adds
        executor._relevant_sub_fields = {}
        try:
            outcome: Any = execute_subscription_event(executor)
            if executor.is_awaitable(outcome):
                async with asyncio.timeout(EVENT_TIMEOUT_S):
                    outcome = await outcome
        except TimeoutError:
            return ExecutionResult(None, [_too_long()])
        except Exception as error:
            return ExecutionResult(None, [shown(error)])
        return ExecutionResult(outcome.data, outcome.errors)


def shown(error: Exception) -> GraphQLError:
    """The same as an error of GraphQL's."""
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)


def _too_long() -> GraphQLError:
    why = f"this took over {EVENT_TIMEOUT_S:.0f} s"
    return GraphQLError(why, extensions={"code": "TIMEOUT"})
