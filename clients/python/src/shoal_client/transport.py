"""Operations over HTTP: encoded, sent, sent again where that does no harm, failures raised.

A query may be sent again after any passing failure. A mutation may be as well once its input has an
idempotency key, so every input that takes one gets one.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any, Self
from uuid import uuid4

import httpx
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from shoal_client.errors import ConnectionLost, Fault, ShoalError, TryLater, fault, refused
from shoal_client.sockets import Socket

TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 30.0
PASSING = frozenset({429, 502, 503, 504})
KEY = "idempotencyKey"
TIMEOUT_S = 60.0


class Transport:
    """What generated methods call; one connection pool for as long as it is open."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self.http = httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)
        self._token = token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    def use(self, token: str) -> None:
        """Speak for whoever this access token or API key belongs to."""
        self._token = token

    async def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The data of one operation. Raises ShoalError."""
        plain = _plain(variables or {})
        body = {"query": query, "operationName": operation_name, "variables": plain}
        may_repeat = not query.lstrip().startswith("mutation") or KEY in plain.get("input", {})
        failure: ShoalError
        for number in range(TRIES):
            try:
                return await self._post(body)
            except TryLater as late:
                wait_s, failure = late.retry_after_s, late
            except httpx.TransportError as lost:
                if not may_repeat:
                    raise ConnectionLost(f"{self.url}: {lost}") from lost
                wait_s, failure = 0.0, ConnectionLost(f"{self.url}: {lost}")
            if number < TRIES - 1:
                await asyncio.sleep(_pause_s(wait_s, number))
        raise failure

    def get_data(self, response: dict[str, Any]) -> dict[str, Any]:
        """The data, if the mutation was carried out. Raises Refused."""
        for payload in response.values():
            errors = payload.get("userErrors") if isinstance(payload, dict) else None
            if errors:
                raise refused(errors[0])
        return response

    async def execute_ws(
        self,
        query: str,
        operation_name: str | None = None,
        variables: dict[str, Any] | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Every result of a subscription, until it ends. Raises ShoalError."""
        body = {
            "query": query,
            "operationName": operation_name,
            "variables": _plain(variables or {}),
        }
        async for data in Socket(self.url, self._token).results(body):
            yield data

    async def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"accept": "application/graphql-response+json, application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        reply = await self.http.post(f"{self.url}/graphql", json=body, headers=headers)
        answer = _json(reply)
        if errors := answer.get("errors"):
            raise fault(_with_retry_after(errors[0], reply))
        if not reply.is_success or not isinstance(answer.get("data"), dict):
            raise _strange(reply)
        data: dict[str, Any] = answer["data"]
        return data


def _plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables as JSON; an input that takes an idempotency key has one then."""
    plain = {}
    for name, value in variables.items():
        if isinstance(value, BaseModel):
            plain[name] = value.model_dump(by_alias=True, exclude_unset=True, mode="json")
            if "idempotency_key" in type(value).model_fields:
                plain[name].setdefault(KEY, str(uuid4()))
        elif type(value).__name__ != "UnsetType":
            plain[name] = to_jsonable_python(value)
    return plain


def _pause_s(asked_s: float, number: int) -> float:
    """At least as long as asked for, and not all at once after an outage."""
    own = min(FIRST_WAIT_S * 2.0**number, LONGEST_WAIT_S)
    return max(asked_s, own) * random.uniform(1.0, 1.25)


def _json(reply: httpx.Response) -> dict[str, Any]:
    try:
        answer = reply.json()
    except ValueError:
        raise _strange(reply) from None
    return answer if isinstance(answer, dict) else {}


def _with_retry_after(error: dict[str, Any], reply: httpx.Response) -> dict[str, Any]:
    extensions = dict(error.get("extensions") or {})
    if reply.status_code in PASSING:
        extensions.setdefault("retryable", True)
        extensions.setdefault("retryAfter", _seconds(reply.headers.get("retry-after", "")))
    return {**error, "extensions": extensions}


def _strange(reply: httpx.Response) -> Fault:
    """What a proxy says, and not the platform."""
    kind = TryLater if reply.status_code in PASSING else Fault
    wait_s = _seconds(reply.headers.get("retry-after", ""))
    what = f"HTTP {reply.status_code} without an answer in JSON"
    return kind(what, f"HTTP_{reply.status_code}", retryAfter=wait_s)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0
