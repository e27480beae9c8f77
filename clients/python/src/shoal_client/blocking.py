"""The client for programs that know no `await`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, Self, TypeVar

from shoal_client.client import Shoal

T = TypeVar("T")


class Blocking:
    """Runs the client's own methods, so there is no second copy of each.

    with Blocking(url, api_key) as shoal:
        answers = shoal.run(shoal.client.predict("wordnet", ["a small bird"]))
        for event in shoal.each(shoal.client.follow(job_id)):
            print(event.message)
    """

    def __init__(self, url: str, api_key: str = "") -> None:
        self._runner = asyncio.Runner()
        self.client = Shoal(url, api_key)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self.client.__aexit__())
        self._runner.close()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """What the call returns; raises what it raises."""
        return self._runner.run(call)

    def each(self, items: AsyncIterator[T]) -> Iterator[T]:
        """The items, one by one."""
        end = object()

        async def following() -> T | object:
            return await anext(items, end)

        while (item := self._runner.run(following())) is not end:
            yield item  # type: ignore[misc]  # all but the end are of the kind
