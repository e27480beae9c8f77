"""How results are laid out one after the other in the body of one response."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from server.http.answers import Result, encode


class Framing(ABC):
    """`keep_alive` fills silence; `end` is the last that is sent."""

    name: str
    """In figures."""
    media_type: str
    begin: str
    keep_alive: str
    end: str

    @abstractmethod
    def result(self, result: Result) -> str:
        """One result."""

    @abstractmethod
    def fault(self, fault: dict[str, Any]) -> str:
        """Why there will be no other."""


class Events(Framing):
    """Server-sent events, by graphql-sse's "distinct connections" mode.

    https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. An event's id is its cursor.
    """

    name = "sse"
    media_type = "text/event-stream"
    begin = ""
    keep_alive = ":\n\n"
    end = "event: complete\ndata:\n\n"

    def result(self, result: Result) -> str:
        identity = f"id: {result.cursor}\n" if result.cursor else ""
        return f"event: next\n{identity}data: {encode(result.payload)}\n\n"

    def fault(self, fault: dict[str, Any]) -> str:
        return f"event: next\ndata: {encode(fault)}\n\n"


class Parts(Framing):
    """Apollo's multipart subscriptions.

    https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol.
    Clients read a part when the boundary behind it has come, so each is sent with that one.
    """

    name = "multipart"
    media_type = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"
    begin = "\r\n--graphql"
    keep_alive = "\r\nContent-Type: application/json\r\n\r\n{}\r\n--graphql"
    end = "--\r\n"

    def result(self, result: Result) -> str:
        return self._part({"payload": result.payload})

    def fault(self, fault: dict[str, Any]) -> str:
        return self._part({"payload": None, **fault})

    def _part(self, body: dict[str, Any]) -> str:
        return f"\r\nContent-Type: application/json\r\n\r\n{encode(body)}\r\n--graphql"


EVENTS, PARTS = Events(), Parts()
