"""What an operation costs its caller: taken before it runs, and what it did not use given back."""

from __future__ import annotations

from contextlib import suppress

from graphql import GraphQLError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from schema.context import Context
from schema.errors import describe
from schema.pricing.price import MIN_COST
from schema.root import schema
from server.http.operations import Operation
from store.errors import RateLimited, StoreError, Throttled, TooExpensive, Unavailable
from store.records.points import Left


class Charge:
    """Of one operation. Strangers pay nothing: they can only sign in, which has its own limits."""

    def __init__(self, operation: Operation, context: Context) -> None:
        self._asked = schema.asked(operation.query, operation.name)
        self._variables = operation.variables
        self._context = context
        self._points = self._asked.price.most(self._variables) if self._asked else MIN_COST
        self._left: Left | None = None

    async def refused(self) -> PreExecutionError | None:
        """Take what it may cost at most; when that is not there, what the caller is told."""
        try:
            await self._take()
        except (TooExpensive, RateLimited, Throttled) as refused:
            return self._refusal(refused)
        return None

    def settled(self, result: ExecutionResult) -> ExecutionResult:
        """Give back what the result shows to be unused, and say in it what it did cost."""
        viewer, store = self._context.viewer, self._context.store
        if viewer is not None and self._left is not None:
            actual = self._actual(result)
            unused = self._points - actual
            store.budget.give_back(viewer, unused)
            store.usage.count(viewer, points=-unused)
            result.extensions = {"cost": self._told(actual, self._left, unused)}
        return result

    async def _take(self) -> None:
        viewer, store = self._context.viewer, self._context.store
        if viewer is None:
            return
        self._left = await store.budget.take(viewer, self._points)
        try:
            with suppress(Unavailable):
                await store.usage.spend_points(viewer, self._points)
        except Throttled:  # the key's points of the day are used up
            store.budget.give_back(viewer, self._points)
            raise

    def _actual(self, result: ExecutionResult) -> int:
        if self._asked is None or isinstance(result, PreExecutionError):
            return MIN_COST
        return self._asked.price.actual(result.data, self._variables)

    def _refusal(self, refused: StoreError) -> PreExecutionError:
        error = GraphQLError(str(refused), original_error=refused)
        describe(error, self._context.request_id)
        result = PreExecutionError(None, [error])
        if isinstance(refused, RateLimited):
            result.extensions = {"cost": self._told(0, refused.left, given_back=0)}
        return result

    def _told(self, actual: int, left: Left, given_back: int) -> dict[str, int]:
        return {
            "requested": self._points,
            "actual": actual,
            "available": min(left.capacity, left.available + given_back),
            "capacity": left.capacity,
            "refillPerSecond": left.refill_per_s,
        }
