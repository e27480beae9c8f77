"""What was made of texts lately, within a bound of memory and not only of number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
ENTRY_CHARACTERS = 200
"""What a text counts beside its own length: even the shortest one leaves something."""


class Lately(Generic[T]):
    """Of the texts asked for last, as many as have `most` characters together; the last always."""

    def __init__(self, make: Callable[[str], T], most: int) -> None:
        self._make = make
        self._most = most
        self._held = 0
        self._known: OrderedDict[str, T] = OrderedDict()

    def __call__(self, text: str) -> T:
        """What `make` makes of it, or made; what that raises is not remembered."""
        if text in self._known:
            self._known.move_to_end(text)
            return self._known[text]
        made = self._known[text] = self._make(text)
        self._held += len(text) + ENTRY_CHARACTERS
        while self._held > self._most and len(self._known) > 1:
            oldest, _ = self._known.popitem(last=False)
            self._held -= len(oldest) + ENTRY_CHARACTERS
        return made
