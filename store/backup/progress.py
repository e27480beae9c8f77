"""How far a backup or a restore is, for whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Called often; cheap."""

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """`step` is at `done` of `total`, of which nobody may know."""


def quiet(step: str, done: int, total: int | None) -> None:
    """Tells nobody."""
