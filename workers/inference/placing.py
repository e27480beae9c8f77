"""Places texts on the map of a version that this worker holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from store.records.cluster_map import Placement
from workers.inference.served import Served
from workers.pipeline.placing import place


class Places:
    def __init__(self, served: Served) -> None:
        self._served = served

    async def answer(self, subject: str, texts: Sequence[str]) -> Sequence[Placement]:
        bundle = await self._served.get(subject)
        return await asyncio.to_thread(place, bundle, texts)
