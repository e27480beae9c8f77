"""The client's messages of graphql-transport-ws; whatever is malformed ends here.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.http.operations import BadRequest, Operation, decode, parse_operation

MAX_ID = 256
"""Characters: it is repeated with every result."""


@dataclass(frozen=True, slots=True)
class Init:
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Message = Init | Ping | Pong | Subscribe | Complete


def read_message(text: str) -> Message:
    """Raises BadRequest."""
    fields = decode(text)
    if not isinstance(fields, dict):
        raise BadRequest("a message is one JSON object")
    match fields.get("type"):
        case "connection_init":
            return Init(_payload(fields) or {})
        case "ping":
            return Ping(_payload(fields))
        case "pong":
            return Pong()
        case "subscribe":
            return Subscribe(_id(fields), parse_operation(fields.get("payload")))
        case "complete":
            return Complete(_id(fields))
    raise BadRequest("unknown message type")


def _payload(fields: dict[str, Any]) -> dict[str, Any] | None:
    payload = fields.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise BadRequest("`payload` must be an object or null")
    return payload


def _id(fields: dict[str, Any]) -> str:
    identifier = fields.get("id")
    if not isinstance(identifier, str) or not 1 <= len(identifier) <= MAX_ID:
        raise BadRequest(f"`id` must be text of 1 to {MAX_ID} characters")
    return identifier
