"""Records to plain dictionaries and back: the one place that knows how.

Datetimes stay datetimes going out (BSON and orjson both take them) and may be RFC 3339 text
coming in. Unknown keys are ignored and missing ones take the field's default, so that an older
process reads what a newer one wrote and the other way round.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

R = TypeVar("R")


def to_plain(value: Any) -> Any:
    """`value` as dictionaries, lists and scalars."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[R], value: Any) -> R:
    """A `kind` from what `to_plain` gave. Raises TypeError when a required field is missing."""
    return typing.cast(R, _decode(kind, value))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(hint: Any, value: Any) -> Any:
    if value is None or hint is Any:
        return value
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _decode(next(a for a in typing.get_args(hint) if a is not type(None)), value)
    if origin in (tuple, list, frozenset, set):
        item = typing.get_args(hint)[0]
        return origin(_decode(item, each) for each in value)
    if origin is dict:
        return {key: _decode(typing.get_args(hint)[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(hint):
        kind = typing.cast(type, hint)
        known = _hints(kind)
        return kind(**{k: _decode(known[k], v) for k, v in value.items() if k in known})
    return _scalar(hint, value)


def _scalar(hint: Any, value: Any) -> Any:
    if hint is datetime:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(hint, type) and issubclass(hint, (Enum, Path)):
        return hint(value)
    return float(value) if hint is float else value
