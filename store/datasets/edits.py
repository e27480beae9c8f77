"""Edits of rows as they come inside a request: checked, and kept as JSON lines."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from store.errors import InvalidValue
from store.records.edit import RowEdit

MAX_EDITS = 10_000
"""In one request; a longer list is uploaded as a file."""
MAX_LABEL = 256
"""Characters, as in a file."""
MAX_NOTE = 1_000


def checked(edits: Sequence[RowEdit], next_row: int) -> Sequence[RowEdit]:
    """The edits themselves. Raises InvalidValue, whose path leads to the first faulty one."""
    if not edits:
        raise InvalidValue("there must be at least one edit", "edits")
    if len(edits) > MAX_EDITS:
        raise InvalidValue(
            f"{len(edits):,} edits are too many for a request, which may have {MAX_EDITS:,}; "
            "upload them as a file",
            "edits",
        )
    seen: dict[int, int] = {}
    for place, edit in enumerate(edits):
        _check(edit, str(place), next_row)
        if edit.row in seen:
            message = f"row {edit.row} is edited twice, first by edit {seen[edit.row]}"
            raise InvalidValue(message, "edits", str(place), "row")
        seen[edit.row] = place
    return edits


def _check(edit: RowEdit, place: str, next_row: int) -> None:
    if not 0 <= edit.row < next_row:
        message = f"there is no row {edit.row}; numbers go from 0 to {next_row - 1}"
        raise InvalidValue(message, "edits", place, "row")
    says = edit.label is not None or edit.text is not None
    if edit.drop and says:
        raise InvalidValue("a dropped row gets neither label nor text", "edits", place, "drop")
    if not edit.drop and not says:
        raise InvalidValue("give a label, a text, or drop the row", "edits", place)
    if edit.text is not None and not edit.text.strip():
        raise InvalidValue("a text must not be empty; drop the row instead", "edits", place, "text")
    if edit.label is not None and len(edit.label) > MAX_LABEL:
        message = f"a label has at most {MAX_LABEL} characters, this has {len(edit.label)}"
        raise InvalidValue(message, "edits", place, "label")


def encode(edits: Sequence[RowEdit], max_bytes: int) -> bytes:
    """One JSON object a line. Raises InvalidValue for more than `max_bytes`."""
    data = b"".join(orjson.dumps(edit, option=orjson.OPT_APPEND_NEWLINE) for edit in edits)
    if len(data) > max_bytes:
        raise InvalidValue(
            f"edits in a request may have {max_bytes} bytes, these have {len(data)}; upload a file",
            "edits",
        )
    return data


def note(value: str) -> str:
    """Why rows are edited. Raises InvalidValue when it is too long."""
    if len(value) > MAX_NOTE:
        raise InvalidValue(f"a note has at most {MAX_NOTE} characters", "note")
    return value.strip()
