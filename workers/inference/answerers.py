"""What an inference worker can be asked: one answerer for each kind of call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from store.records.prediction import Answer
from workers.inference.served import Served

Answerer = Callable[..., Awaitable[Sequence[object]]]
"""Takes a call's subject, texts and arguments; has one answer for each text, in order.

What it computes it does in a thread. It raises NotFound, BundleRefused and other StoreErrors, which
the caller is told.
"""


class Labels:
    """What a model version says of texts."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def answer(
        self, subject: str, texts: Sequence[str], *, top_k: int, neighbours: int
    ) -> Sequence[Answer]:
        bundle = await self._served.get(subject)
        return await asyncio.to_thread(bundle.answer, texts, top_k, neighbours)
