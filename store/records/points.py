"""Points that operations cost, and the buckets that they are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    capacity: int
    refill_per_s: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is in a bucket: of two, in the one that holds less."""

    capacity: int
    refill_per_s: int
    available: int
    full_at: datetime
