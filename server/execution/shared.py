"""What several hold at once: made for the first of them, let go of by the last."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class _Held(Generic[V]):
    value: V
    holders: int = 0


class Shared(Generic[K, V]):
    """Values by key; `end` is called with each that nobody holds any longer."""

    def __init__(self, end: Callable[[V], object] = lambda value: None) -> None:
        self._held: dict[K, _Held[V]] = {}
        self._end = end

    def __len__(self) -> int:
        return len(self._held)

    @contextmanager
    def holding(self, key: K, make: Callable[[], V]) -> Iterator[V]:
        """The value under `key`, made unless somebody holds it already."""
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _Held(make())
        held.holders += 1
        try:
            yield held.value
        finally:
            held.holders -= 1
            if not held.holders:
                del self._held[key]
                self._end(held.value)
