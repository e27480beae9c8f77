"""Data that cannot be trained on."""

from __future__ import annotations

from store.records.dataset import Problem
from workers.pipeline.progress import BadData


def refusal(code: str, reason: str, fix: str, rows: tuple[Problem, ...] = ()) -> BadData:
    """The exception to raise: what is wrong, what its owner can do, and the rows concerned."""
    return BadData(code, f"{reason}; {fix}", (Problem(code, reason, fix), *rows))
