"""A trickle of questions to a published model, and what became of each."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from shoal.demo.api import Api, ApiFailure
from tests.faults.caller import HONEST, all_pages
from tests.faults.documents import PREDICT, PREDICTIONS
from tests.faults.findings import Finding, doubled, lost, wrong
from tests.faults.texts import text_of
from tests.journeys.texts import WORDS

INTERVAL_S = 0.4
LOGGED_WITHIN_S = 30.0


@dataclass
class Asked:
    """One request: its texts with their true labels, and the answers or the error."""

    texts: dict[str, str]
    answers: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""


class Trickle:
    """Asks until it is stopped; texts are new each time, so that none comes from the cache."""

    def __init__(self, api: Api, model: str, name: str) -> None:
        self._api = api
        self._model = model
        self._name = name
        self._chance = random.Random(name)
        self._number = 0
        self._is_over = False
        self._since = datetime.now(UTC)
        self._underway: set[asyncio.Task[None]] = set()
        self.asked: list[Asked] = []
        self.answered = asyncio.Event()
        """Set by every answer; clear it to wait for the next."""

    async def run(self) -> None:
        """Ask every INTERVAL_S, also while earlier questions wait; return when all are over."""
        while not self._is_over:
            task = asyncio.create_task(self._ask())
            self._underway.add(task)
            task.add_done_callback(self._underway.discard)
            await asyncio.sleep(INTERVAL_S)
        await asyncio.gather(*self._underway)

    def stop(self) -> None:
        self._is_over = True

    async def _ask(self) -> None:
        asked = Asked(dict(self._text() for _ in range(self._chance.randint(1, 3))))
        self.asked.append(asked)
        try:
            payload = await self._api.do(PREDICT, model=self._model, texts=list(asked.texts))
        except ApiFailure as failure:
            asked.error = failure.code
        except httpx.TransportError as gone:
            asked.error = type(gone).__name__
        else:
            asked.answers = payload["predictions"]
            self.answered.set()

    def _text(self) -> tuple[str, str]:
        self._number += 1
        label = self._chance.choice(sorted(WORDS))
        return f"{text_of(label, self._chance, self._number)} {self._name}", label

    # -- afterwards -------------------------------------------------------------------------------

    async def findings(self, model_id: str) -> list[Finding]:
        """What is wrong with the answers and with their log."""
        found = [*self._dishonest(), *self._misanswered()]
        logged = await self._logged(model_id)
        by_id = {entry["id"]: entry for entry in logged}
        for answer in (answer for asked in self.asked for answer in asked.answers):
            entry = by_id.get(answer["id"])
            if entry is None:
                found.append(lost(f"answer {answer['id']} is not in the log"))
            elif (entry["text"], entry["label"]) != (answer["text"], answer["label"]):
                found.append(wrong(f"answer {answer['id']} is logged as {entry}"))
        times = Counter(entry["text"] for entry in logged)
        found += [doubled(f"{n} log entries of {text!r}") for text, n in times.items() if n > 1]
        return found

    def _dishonest(self) -> list[Finding]:
        transport = {name for name in dir(httpx) if name.endswith(("Error", "Timeout"))}
        codes = Counter(asked.error for asked in self.asked if asked.error)
        bad = codes.keys() - HONEST - transport
        return [wrong(f"{codes[code]} predict calls ended with {code}") for code in bad]

    def _misanswered(self) -> list[Finding]:
        found = []
        for asked in self.asked:
            if asked.answers and [a["text"] for a in asked.answers] != list(asked.texts):
                found.append(wrong(f"asked about {list(asked.texts)}, answered {asked.answers}"))
            found += [
                wrong(f"{a['text']!r} was called {a['label']}")
                for a in asked.answers
                if asked.texts.get(a["text"]) != a["label"]
            ]
        return found

    async def _logged(self, model_id: str) -> list[dict[str, Any]]:
        """The entries of this trickle, once every answer has had the time to get there."""
        wanted = {answer["id"] for asked in self.asked for answer in asked.answers}
        deadline = asyncio.get_running_loop().time() + LOGGED_WITHIN_S
        filter = {"modelId": model_id, "since": self._since.isoformat()}
        while True:
            found = await all_pages(self._api, PREDICTIONS, filter=filter)
            mine = [entry for entry in found if entry["text"].endswith(self._name)]
            is_late = asyncio.get_running_loop().time() > deadline
            if is_late or wanted <= {entry["id"] for entry in mine}:
                return mine
            await asyncio.sleep(0.5)
