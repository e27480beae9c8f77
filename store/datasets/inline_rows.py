"""Rows that come inside a request, kept as JSON lines and read by ingest like any other file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from store.errors import InvalidValue
from store.records.dataset import Columns


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    label: str | None = None
    split: str | None = None


def encode(rows: Sequence[Row], max_bytes: int) -> bytes:
    """One JSON object a line. Raises InvalidValue for none, and for more than `max_bytes`."""
    if not rows:
        raise InvalidValue("there must be at least one row", "rows")
    data = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    if len(data) > max_bytes:
        raise InvalidValue(
            f"rows in a request may have {max_bytes} bytes, these have {len(data)}; upload a file",
            "rows",
        )
    return data


def columns_of(rows: Sequence[Row]) -> Columns:
    """Columns that no row fills are left out."""
    return Columns(
        text="text",
        label="label" if any(row.label is not None for row in rows) else None,
        split="split" if any(row.split is not None for row in rows) else None,
    )
