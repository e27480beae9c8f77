"""What of a mutation's input may be kept: never a secret, and never a text at length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from store.codec import to_plain

REDACTED, MORE = "[redacted]", "…"
SECRET = re.compile(
    r"password|secret|token|credential|authorization|signature|_hash$", re.IGNORECASE
)
"""Names of fields whose values are never kept."""
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
"""Of a URL."""
UNINTERESTING = {"revision"}
MAX_INPUT, MAX_VALUE = 4_000, 400


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a value is kept: characters of a text, items of a list, levels."""

    text: int
    items: int
    depth: int


MEASURES = Measure(200, 20, 6), Measure(50, 5, 4), Measure(20, 2, 2)
"""The first by which it is short enough is used."""


def redacted(value: object) -> str:
    """As JSON of at most MAX_INPUT characters."""
    return _json(to_plain(value), MAX_INPUT)


def differences(before: object, after: object) -> dict[str, tuple[str | None, str | None]]:
    """The fields of a record that changed, as JSON before and after."""
    old, new = to_plain(before), to_plain(after)
    names = [name for name in new if name not in UNINTERESTING and old.get(name) != new[name]]
    return {name: (_shown(name, old.get(name)), _shown(name, new[name])) for name in names}


def _shown(name: str, value: Any) -> str | None:
    if value is None:
        return None
    return _json(REDACTED if SECRET.search(name) else value, MAX_VALUE)


def _json(value: Any, most: int) -> str:
    for measure in MEASURES:
        text = orjson.dumps(_cut(value, measure, measure.depth), default=str).decode()
        if len(text) <= most:
            return text
    return f'"{MORE}"'


def _cut(value: Any, measure: Measure, depth: int) -> Any:
    if isinstance(value, str):
        return _cut_text(CREDENTIALS.sub(f"{REDACTED}@", value), measure.text)
    if not isinstance(value, (dict, list)):
        return value
    if depth == 0:
        return MORE
    rest = len(value) - measure.items
    told = f"{rest} more"
    if isinstance(value, list):
        kept = [_cut(each, measure, depth - 1) for each in value[: measure.items]]
        return [*kept, told] if rest > 0 else kept
    known = list(value.items())[: measure.items]
    shown = {str(name): _field(str(name), each, measure, depth - 1) for name, each in known}
    return shown | {MORE: told} if rest > 0 else shown


def _field(name: str, value: Any, measure: Measure, depth: int) -> Any:
    hidden = value is not None and SECRET.search(name)
    return REDACTED if hidden else _cut(value, measure, depth)


def _cut_text(text: str, most: int) -> str:
    rest = len(text) - most
    return text if rest <= 0 else f"{text[:most]}{MORE} {rest} more"
