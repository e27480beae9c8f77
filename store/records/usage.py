"""What a key or a user has used, by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """One day of one API key, UTC."""

    day: date
    requests: int = 0
    points: int = 0
    predictions: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class DeprecatedUse:
    """How often a user's documents named something deprecated, such as `Query.model(name:)`."""

    coordinate: str
    days: tuple[tuple[date, int], ...]
