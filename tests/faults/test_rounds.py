"""The short cut of `make faults`: each process killed once while a training runs."""

from __future__ import annotations

import pytest

from tests.faults.conftest import ROWS
from tests.faults.lane import Lane
from tests.faults.plan import BLOWS, Action, Beside, Plan, Victim, plan
from tests.faults.round import play

SHARES = {Victim.WORKER: 0.6, Victim.CHILD: 0.4, Victim.SERVER: 0.2, Victim.MONGO: 0.7}
BESIDE = {Victim.SERVER: Beside.INGESTS, Victim.VALKEY: Beside.CANCEL_OTHER}


@pytest.mark.parametrize("victim", Victim)
async def test_nothing_is_lost_or_doubled(quick_lane: Lane, victim: Victim) -> None:
    number = list(Victim).index(victim)
    asked = Plan(
        number, 0, victim, Action.KILL, share=SHARES.get(victim, 0.5),
        beside=BESIDE.get(victim, Beside.NOTHING), rows=ROWS,
    )  # fmt: skip
    done = await play(quick_lane, asked)
    assert [str(finding) for finding in done.findings] == []
    assert done.status == "SUCCEEDED"


def test_the_seed_decides_the_round() -> None:
    assert plan(1, 7, 100) == plan(1, 7, 100)
    assert plan(1, 7, 100) != plan(2, 7, 100)


def test_every_eighteen_rounds_strike_each_process_in_each_way() -> None:
    struck = [plan(5, number, 100) for number in range(18, 36)]
    assert {(each.victim, each.action) for each in struck} == set(BLOWS)
