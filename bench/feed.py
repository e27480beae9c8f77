"""From a worker's event to a subscriber's socket, with 100 subscribers at once."""

from __future__ import annotations

import asyncio
import json
import statistics
import time

from websockets.asyncio.client import ClientConnection, connect

from bench.figure import Figure, at_most
from bench.platform import Platform
from shoal.demo.api import PROTOCOL
from store.clock import now
from store.ids import JOB, new
from store.records.event import Event, EventKind, Topic
from store.store import Store, open_store

SUBSCRIBERS = 100
EVENTS = 100
PAUSE_S = 0.1
ACTIVITY = """subscription Activity {
  activity { __typename ... on ActivityEvent { kind message done } ... on CaughtUp { cursor } }
}"""


async def feed(platform: Platform) -> list[Figure]:
    """Median and 99th percentile over every event and every subscriber."""
    delays: list[float] = []
    ready = asyncio.Semaphore(0)
    listeners = [asyncio.create_task(_listen(platform, ready, delays)) for _ in range(SUBSCRIBERS)]
    for _ in listeners:
        await ready.acquire()
    async with open_store(platform.settings) as store:
        await _tell(store)
    await asyncio.gather(*listeners)
    percentiles = statistics.quantiles(delays, n=100)
    return [
        at_most("event_to_subscriber_p50", percentiles[49], 20, "ms"),
        at_most("event_to_subscriber_p99", percentiles[98], 100, "ms"),
    ]


async def _tell(store: Store) -> None:
    job = new(JOB)
    for number in range(EVENTS):
        kind = EventKind.STAGE_PROGRESSED
        sent_at = str(time.monotonic())
        await store.events.append(
            Event(Topic.JOB, kind, job, "usr_bench", now(), sent_at, "embed", number, EVENTS)
        )
        await asyncio.sleep(PAUSE_S)


async def _listen(platform: Platform, ready: asyncio.Semaphore, delays: list[float]) -> None:
    url = platform.url.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        await _subscribe(socket, platform.api.token)
        heard = 0
        async for text in socket:
            item = json.loads(text).get("payload", {}).get("data", {}).get("activity", {})
            if item.get("__typename") == "CaughtUp":
                ready.release()
            elif item.get("__typename") == "ActivityEvent":
                delays.append((time.monotonic() - float(item["message"])) * 1000)
                heard += 1
            if heard == EVENTS:
                return


async def _subscribe(socket: ClientConnection, token: str) -> None:
    opening = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
    await socket.send(json.dumps(opening))
    await socket.recv()
    await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": ACTIVITY}}))
