"""What bulk operations cost their owners: docs/decisions/0031 says why it differs by type.

A line of a mutation costs what the same request would; where that would be refused, the line waits.
Pages of a query take nothing from the bucket of points, but count for the day of an API key.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode
from strawberry.types import ExecutionResult

from schema.pricing.price import Price
from schema.pricing.pricing import price
from schema.root import schema
from store.errors import RateLimited, Throttled, Unavailable
from store.records.operation import OperationType
from store.records.viewer import Viewer
from store.store import Store


class BulkCharge:
    """Raises Throttled when a key's points of the day are used up, TooExpensive."""

    def __init__(self, store: Store, kind: OperationType) -> None:
        self._store = store
        self._waits = kind is OperationType.MUTATION
        self._prices: dict[int, Price] = {}

    async def take(self, viewer: Viewer, document: DocumentNode, variables: dict[str, Any]) -> None:
        """What one run may cost at most."""
        points = self._price(document).most(variables)
        while self._waits:
            try:
                await self._store.budget.take(viewer, points)
                break
            except RateLimited as late:
                await asyncio.sleep(late.retry_after_s)
        try:
            with suppress(Unavailable):
                await self._store.usage.spend_points(viewer, points)
        except Throttled:
            self._give_back(viewer, points)
            raise

    def settle(
        self, viewer: Viewer, document: DocumentNode, variables: dict[str, Any],
        result: ExecutionResult,
    ) -> None:  # fmt: skip
        """Give back what the result shows to be unused."""
        known = self._price(document)
        unused = known.most(variables) - known.actual(result.data, variables)
        self._give_back(viewer, unused)
        self._store.usage.count(viewer, points=-unused)

    def _give_back(self, viewer: Viewer, points: int) -> None:
        if self._waits:
            self._store.budget.give_back(viewer, points)

    def _price(self, document: DocumentNode) -> Price:
        if id(document) not in self._prices:
            (operation,) = (
                each for each in document.definitions if isinstance(each, OperationDefinitionNode)
            )
            self._prices[id(document)] = price(schema.graphql, document, operation)
        return self._prices[id(document)]
