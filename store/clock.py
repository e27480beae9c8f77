"""The time as records keep it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Now, UTC, in whole milliseconds: MongoDB keeps no more, so a record reads back equal."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
