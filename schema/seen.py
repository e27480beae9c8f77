"""What a mutation found before it changed anything, so that the audit log can tell the change."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

_found: ContextVar[dict[str, Any] | None] = ContextVar("found", default=None)


def begin() -> dict[str, Any]:
    """The records that are seen from now on in this mutation, by id, each as it was first."""
    found: dict[str, Any] = {}
    _found.set(found)
    return found


def saw(record: Any) -> None:
    """Told by whoever looks a record up; outside of a mutation nobody listens."""
    found = _found.get()
    if found is not None and record is not None:
        found.setdefault(record.id, record)
