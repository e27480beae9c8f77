"""Every figure, one line each: `name value goal ok|short`. Exits with 1 if any is short.

Names of groups as arguments run those groups alone.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

from bench.bulk import bulk
from bench.data import Missing
from bench.drift import drift
from bench.embedding import embedding
from bench.explain import explain
from bench.fan_out import fan_out
from bench.feed import feed
from bench.figure import Figure
from bench.graphql import graphql
from bench.lighthouse import lighthouse
from bench.lists import lists
from bench.maps import maps
from bench.platform import Platform, platform
from bench.promise import promise
from bench.quality import quality
from bench.refit import refit
from bench.search import search
from bench.sequences import sequences
from bench.serving import serving
from bench.startup import startup
from bench.training import (
    beside_bertopic,
    clusters,
    genera,
    given_splits,
    published,
    seconds_of,
)


async def _serving(running: Platform) -> list[Figure]:
    await published(running, "served")
    return await serving(running, "served", seconds_of("bench.bare_call"))


async def _embedding(running: Platform) -> list[Figure]:
    return await asyncio.to_thread(embedding)


async def _lists(running: Platform) -> list[Figure]:
    return await lists()


async def _fan_out(running: Platform) -> list[Figure]:
    return await fan_out()


async def _startup(running: Platform) -> list[Figure]:
    return await asyncio.to_thread(startup, running.environ)


GROUPS: dict[str, Callable[[Platform], Awaitable[list[Figure]]]] = {
    "startup": _startup,
    "feed": feed,
    "graphql": graphql,
    "lists": _lists,
    "training": beside_bertopic,
    "serving": _serving,
    "accuracy": given_splits,
    "clusters": clusters,
    "genera": genera,
    "sequences": sequences,
    "refit": refit,
    "quality": quality,
    "embedding": _embedding,
    "fan_out": _fan_out,
    "search": search,
    "maps": maps,
    "bulk": bulk,
    "explain": explain,
    "promise": promise,
    "drift": drift,
    "lighthouse": lighthouse,
}


async def main() -> int:
    """Run every group whose data is here, and say which could not be run."""
    figures: list[Figure] = []
    async with platform() as running:
        for name in sys.argv[1:] or GROUPS:
            await running.sign_in()
            try:
                found = await GROUPS[name](running)
            except Missing as missing:
                print(f"# {name} not run: {missing}")
                continue
            print(*found, sep="\n", flush=True)
            figures += found
    return 0 if all(figure.is_ok for figure in figures) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the platform stops with us
    sys.exit(asyncio.run(main()))
