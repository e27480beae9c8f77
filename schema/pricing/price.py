"""What an operation may cost, told before it runs; and what it did cost, told by its result.

Both sums are linear: in the fields of the document, which schema.limits bounds with fragments
expanded, and in the result. Where no variable tells how long a list is, the first one is done once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schema.pricing.amounts import Amount, Given, Variables, amount_of

MIN_COST = 1
"""Of any operation, also of one that is refused."""


@dataclass(slots=True)
class Charge:
    """A field of an operation that costs something, or holds what does."""

    key: str
    """Its name in the result."""
    call: int
    inputs: list[tuple[Amount, int]]
    object: int
    items: Amount
    within: dict[tuple[str, int], Charge] = field(default_factory=dict)
    """By key and fee: of other types' fields with the same key, one may cost more than another."""

    def most(self, variables: Variables) -> int:
        each = self.object + sum(inner.most(variables) for inner in self.within.values())
        return self._asked(variables) + (each * amount_of(self.items, variables) if each else 0)

    def actual(self, value: Any, variables: Variables) -> int:
        """Of what came; a field that failed costs the call alone."""
        if value is None:
            return self.call
        came = [item for item in value if item is not None] if isinstance(value, list) else [value]
        cost = self._asked(variables) + self.object * len(came)
        for inner in self.within.values():
            for item in came:
                if inner.key in item:
                    cost += inner.actual(item[inner.key], variables)
        return cost

    def is_fixed(self) -> bool:
        counts = [self.items, *(amount for amount, _ in self.inputs)]
        is_own = not any(isinstance(each, Given) for each in counts)
        return is_own and all(inner.is_fixed() for inner in self.within.values())

    def _asked(self, variables: Variables) -> int:
        return self.call + sum(amount_of(n, variables) * weight for n, weight in self.inputs)


class Price:
    """Of one operation; its charges are worked out when it is run for the first time."""

    def __init__(self, charges: Callable[[], Charge]) -> None:
        self._charges = charges

    def most(self, variables: Variables | None) -> int:
        """What it may cost with these variables, which need not be valid."""
        if self._fixed is not None:
            return self._fixed
        return max(MIN_COST, self._root.most(variables or {}))

    def actual(self, data: Any, variables: Variables | None) -> int:
        """What it did cost, told by what came of it; never more than `most`."""
        least = sum(each.call for each in self._root.within.values())
        cost = least if data is None else self._root.actual(data, variables or {})
        return min(max(MIN_COST, cost), self.most(variables))

    @cached_property
    def _root(self) -> Charge:
        return self._charges()

    @cached_property
    def _fixed(self) -> int | None:
        """The same whatever the variables are."""
        return max(MIN_COST, self._root.most({})) if self._root.is_fixed() else None
