"""Records to plain dictionaries and back: the one place that knows how.

Datetimes stay datetimes going out (BSON and orjson both take them) and may be RFC 3339 text
coming in. Unknown keys are ignored and missing ones take the field's default, so that an older
process reads what a newer one wrote and the other way round.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
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
    hint: Any = kind
    decode = _decoder(hint)
    return typing.cast(R, decode(value) if decode and value is not None else value)


Decoder = Callable[[Any], Any]
"""Of a value that is there; where there is none to be decoded, it stays None."""


@cache
def _decoder(hint: Any) -> Decoder | None:
    """What makes a value of that type, found once a type; None for what stays as it is."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _decoder(next(a for a in typing.get_args(hint) if a is not types.NoneType))
    if origin in (tuple, list, frozenset, set):
        return _sequence(origin, _decoder(typing.get_args(hint)[0]))
    if origin is dict:
        return _mapping(_decoder(typing.get_args(hint)[1]))
    if dataclasses.is_dataclass(hint):
        return _record(typing.cast(type, hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    return _moment if hint is datetime else hint if hint in (float, Path) else None


def _record(kind: type) -> Decoder:
    @cache
    def known() -> tuple[frozenset[str], dict[str, Decoder]]:
        """Found at the first value: a record may hold others of its kind."""
        hints = typing.get_type_hints(kind)
        decoders = {name: _decoder(hint) for name, hint in hints.items()}
        return frozenset(hints), {name: each for name, each in decoders.items() if each}

    def decode(value: dict[str, Any]) -> Any:
        names, decoders = known()
        found = dict(value)
        if not found.keys() <= names:
            found = {name: item for name, item in found.items() if name in names}
        for name, of in decoders.items():
            item = found.get(name)
            if item is not None:
                found[name] = of(item)
        return kind(**found)

    return decode


def _sequence(kind: Callable[[Any], Any], item: Decoder | None) -> Decoder:
    if item is None:
        return kind
    return lambda value: kind([each if each is None else item(each) for each in value])


def _mapping(item: Decoder | None) -> Decoder:
    if item is None:
        return dict
    return lambda value: {k: each if each is None else item(each) for k, each in value.items()}


def _enum(kind: type[Enum]) -> Decoder:
    members = {member.value: member for member in kind}
    return lambda value: members.get(value) or kind(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
