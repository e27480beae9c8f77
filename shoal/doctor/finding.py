"""What was looked at, how it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    subject: str
    """A setting, a service or a part, in a word or two."""
    message: str
    do: str = ""
    """Empty where nothing is to be done."""


def ok(subject: str, message: str) -> Finding:
    """Nothing is to be done."""
    return Finding(Level.OK, subject, message)


def warning(subject: str, message: str, do: str) -> Finding:
    """It works, and would be better otherwise."""
    return Finding(Level.WARNING, subject, message, do)


def error(subject: str, message: str, do: str) -> Finding:
    """It does not work, or loses something."""
    return Finding(Level.ERROR, subject, message, do)


def room(subject: str, free: int, wanted: int, least: int, do: str) -> Finding:
    """Of bytes that are free: fine from `wanted` on, a fault below `least`."""
    message = f"{free / 2**30:,.1f} GiB free"
    if free < least:
        return error(subject, message, do)
    return ok(subject, message) if free >= wanted else warning(subject, message, do)
