"""Documents of bulk operations, run as their owner would run them now."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from graphql import DocumentNode
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.loaders import Loaders
from schema.root import schema
from server.bulk.charging import BulkCharge
from server.execution.execution import OPERATION_TIMEOUT_S
from store.records.operation import BulkOperation
from store.records.viewer import Viewer
from store.store import Store

TRIES = 8
LONGEST_WAIT_S = 30.0
REST = 0.5
"""Of the time that a call took, before the next one: those who wait for an answer come first."""


class Fault(Exception):
    """A call ended in an error; `code` and the message are those that callers know."""

    def __init__(self, code: str, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.passes = passes
        """Whether the same may go well later."""


class Calls:
    """Raises Denied once the owner, or the key that they asked with, may no longer sign in."""

    def __init__(self, store: Store, loaders: Loaders, operation: BulkOperation) -> None:
        self._store = store
        self._loaders = loaders
        self._operation = operation
        self._charge = BulkCharge(store, operation.type)

    async def result(self, document: DocumentNode, variables: dict[str, Any]) -> ExecutionResult:
        """Of one run. Raises Fault when it comes to no end, or a service stays away."""
        for number in range(TRIES):
            result = await self._run(document, variables)
            wait_s = _wait_s(result, number)
            if wait_s is None:
                return result
            await asyncio.sleep(wait_s)
        raise _first(result, passes=True)

    async def data(self, document: DocumentNode, variables: dict[str, Any]) -> dict[str, Any]:
        """Of a query that has to go well. Raises Fault."""
        result = await self.result(document, variables)
        if result.errors:
            raise _first(result)
        return result.data or {}

    async def _run(self, document: DocumentNode, variables: dict[str, Any]) -> ExecutionResult:
        viewer = await self._viewer()
        await self._charge.take(viewer, document, variables)
        context = Context(self._store, viewer, self._loaders, request_id=self._operation.id)
        began = time.monotonic()
        try:
            async with asyncio.timeout(OPERATION_TIMEOUT_S):
                result = await schema.carry_out(document, variables, context)
        except TimeoutError:
            why = f"a page or line took over {OPERATION_TIMEOUT_S:.0f} s; ask for less of each"
            raise Fault("TIMEOUT", why) from None
        finally:
            await asyncio.sleep((time.monotonic() - began) * REST)
        self._charge.settle(viewer, document, variables, result)
        return result

    async def _viewer(self) -> Viewer:
        asked, accounts = self._operation, self._store.accounts
        return await accounts.acting_for(asked.owner_id, asked.scopes, asked.api_key_id)


def _first(result: ExecutionResult, *, passes: bool = False) -> Fault:
    error = (result.errors or [])[0]
    return Fault((error.extensions or {}).get("code", "INTERNAL"), error.message, passes=passes)


def _wait_s(result: ExecutionResult, number: int) -> float | None:
    """Until the next try; None where another would end alike."""
    told = [error.extensions or {} for error in result.errors or ()]
    if not any(each.get("retryable") for each in told):
        return None
    asked = max(each.get("retryAfter", 0.0) for each in told)
    return float(min(max(asked, 0.1 * 2**number), LONGEST_WAIT_S))
