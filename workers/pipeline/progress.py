"""How a pure stage tells its progress, and the two ways in which it stops early."""

from __future__ import annotations

from collections.abc import Callable

from store.records.dataset import Problem

Progress = Callable[[int, int], None]
"""`progress(done, total)` in rows, called once a batch; raises Cancelled when the job must stop."""


class Cancelled(Exception):
    """The job was cancelled; nothing of the batch at hand is kept."""


class BadData(Exception):
    """The data cannot be used as it is, and trying again will not help.

    `code` is stable and machine-readable; `problems` say where and what to do about it.
    """

    def __init__(self, code: str, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.problems = problems


def silent(done: int, total: int) -> None:
    """A Progress that tells nobody."""
