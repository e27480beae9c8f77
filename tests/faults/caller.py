"""A caller who does not give up: every request is sent until it is answered."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from shoal.demo.api import Api, ApiFailure

PATIENCE_S = 180.0
"""Longer than a stop of 45 s and the minute after which an unfinished request is done anew."""
RETRY_S = 0.3
HONEST = frozenset({"UNAVAILABLE", "NO_ANSWER", "OVERLOADED", "MODEL_UNAVAILABLE"})
"""What a request may fail with while a service or a worker is away."""


async def surely(api: Api, document: str, **variables: object) -> dict[str, Any]:
    """The data, however often the request has to be sent."""
    return await _until_answered(lambda: api.run(document, **variables))


async def surely_do(api: Api, document: str, **input: object) -> dict[str, Any]:
    """The payload of a mutation; one that creates must carry an `idempotencyKey`."""
    return await _until_answered(lambda: api.do(document, **input))


async def _until_answered(send: Any) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer: dict[str, Any] = await send()
            return answer
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
        except ApiFailure as failure:
            if failure.code not in HONEST or time.monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_S)


async def all_pages(api: Api, document: str, **variables: object) -> list[dict[str, Any]]:
    """The nodes of a connection's every page."""
    nodes: list[dict[str, Any]] = []
    after = variables.pop("after", None)
    while True:
        (page,) = (await surely(api, document, after=after, **variables)).values()
        nodes += page["nodes"]
        if page.get("hasGap"):
            raise AssertionError(f"history was trimmed after {after}")
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]
