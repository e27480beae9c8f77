"""What one round does, decided by the seed and the round's number alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any

STOPPED_S = 45.0
"""Longer than a lease of 30 s."""


class Victim(StrEnum):
    WORKER = "pipeline worker"
    CHILD = "its child"
    INFERENCE = "inference worker"
    SERVER = "server"
    VALKEY = "Valkey"
    MONGO = "SecantusDB"


class Action(StrEnum):
    KILL = "SIGKILL"
    STOP = "SIGSTOP"
    RESTART = "restart"


class Beside(StrEnum):
    """What else is asked for while the training runs."""

    NOTHING = "nothing"
    INGESTS = "three ingests"
    CANCEL = "a cancel"
    CANCEL_OTHER = "another, cancelled"


BLOWS = tuple(product(Victim, Action))
BESIDE = (Beside.NOTHING, Beside.NOTHING, Beside.INGESTS, Beside.CANCEL_OTHER, Beside.CANCEL)


@dataclass(frozen=True)
class Plan:
    """One blow at one process while a training runs."""

    number: int
    seed: int
    victim: Victim
    action: Action
    share: float
    """When: the part of the expected duration of the training that has gone by, 0 to 1."""
    beside: Beside = Beside.NOTHING
    beside_share: float = 0.5
    """When the other thing is asked for, or the cancel; in half of the rounds at the blow."""
    is_whole: bool = False
    """Whether a worker is stopped with its children, as if its host froze."""
    is_holder: bool = True
    """Whether the pipeline worker that holds the job is hit, or the other one."""
    rows: int = 2_000
    stopped_s: float = STOPPED_S

    @property
    def name(self) -> str:
        return f"round-{self.seed}-{self.number}"

    @property
    def spec(self) -> dict[str, Any]:
        """How to train: another seed leaves nothing to take over from earlier rounds."""
        return {"seed": self.number}


def plan(seed: int, number: int, rows: int, stopped_s: float = STOPPED_S) -> Plan:
    """The round of that number: every 18 rounds strike each victim in each way once."""
    blows = list(BLOWS)
    random.Random(f"{seed}:{number // len(blows)}").shuffle(blows)
    victim, action = blows[number % len(blows)]
    chance = random.Random(f"{seed}-{number}")
    share, other_share = chance.random(), chance.random()
    return Plan(
        number, seed, victim, action, share=share, beside=chance.choice(BESIDE),
        beside_share=share if chance.random() < 0.5 else other_share,
        is_whole=chance.random() < 0.5,
        is_holder=chance.random() < 0.75, rows=rows, stopped_s=stopped_s,
    )  # fmt: skip
