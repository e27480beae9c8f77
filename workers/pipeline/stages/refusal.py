"""Data that cannot be trained on."""

from __future__ import annotations

from store.records.dataset import Problem
from workers.pipeline.progress import BadData


def refusal(code: str, reason: str, fix: str) -> BadData:
    """The exception to raise: what is wrong, and what its owner can do."""
    return BadData(code, f"{reason}; {fix}", (Problem(code, reason, fix),))
