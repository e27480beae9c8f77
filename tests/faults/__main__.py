"""`make faults`: rounds of one blow each against whole platforms, side by side.

Exit code 1 when anything is lost, doubled, wrong, late or left behind. A round that found
something keeps its platform's folder; `--round N` plays it again alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import signal
import sys
import tempfile
import traceback
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.findings import wrong
from tests.faults.lane import Lane, lane
from tests.faults.plan import plan
from tests.faults.round import Round, play
from tests.faults.table import line, table, write

ROUND_S = 900
FULL_RUN = 200
"""Rounds that are worth a new table in the docs."""


@dataclass
class Campaign:
    """Which rounds are to be played, and what came of those that were."""

    folder: Path
    seed: int
    rows: int
    lease_s: float
    waiting: list[int]
    played: list[Round] = field(default_factory=list)

    async def run_lane(self, number: int) -> None:
        """Play what waits, on a fresh platform after each round that found something."""
        while self.waiting:
            root = self.folder / f"lane-{number}-{self.waiting[0]}"
            async with AsyncExitStack() as stack:
                lease = {"SHOAL_LEASE_S": f"{self.lease_s:g}"}
                running = await stack.enter_async_context(lane(root, self.rows, lease))
                is_good = await self._play_all(running, root)
            if is_good:
                shutil.rmtree(root)

    async def _play_all(self, running: Lane, root: Path) -> bool:
        """False as soon as a round found something."""
        while self.waiting:
            done = await self._play(running, self.waiting.pop(0))
            self.played.append(done)
            print(line(done), flush=True)
            if not done.is_good:
                self._keep(done, running, root)
                return False
        return True

    async def _play(self, running: Lane, number: int) -> Round:
        asked = plan(self.seed, number, self.rows, stopped_s=1.5 * self.lease_s)
        try:
            async with asyncio.timeout(ROUND_S):
                return await play(running, asked)
        except Exception:
            return Round(asked, findings=[wrong(f"the round broke:\n{traceback.format_exc()}")])

    def _keep(self, done: Round, running: Lane, root: Path) -> None:
        for finding in done.findings:
            print(f"      {finding}")
        print(f"      its folder: {root}; again: make faults SEED={self.seed} "
              f"ARGS='--round {done.plan.number}'", flush=True)  # fmt: skip
        (root / "findings.txt").write_text("\n".join(str(finding) for finding in done.findings))
        (root / "activity.json").write_text(json.dumps(running.activity.events, indent=1))


async def run(asked: argparse.Namespace) -> int:
    """Play the rounds; the exit code. A signal ends the platforms as well."""
    work = asyncio.current_task()
    assert work is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    numbers = list(range(asked.rounds)) if asked.round is None else [asked.round]
    folder = Path(tempfile.mkdtemp(prefix="shoal-faults-", dir=asked.folder))
    campaign = Campaign(folder, asked.seed, asked.rows, asked.lease, numbers)
    lanes = min(asked.lanes, len(numbers))
    print(f"{len(numbers)} rounds on {lanes} platforms, seed {asked.seed}, in {folder}", flush=True)
    await asyncio.gather(*(campaign.run_lane(number) for number in range(lanes)))
    campaign.played.sort(key=lambda done: done.plan.number)
    print("\n" + table(campaign.played, asked.seed))
    if asked.write or len(numbers) >= FULL_RUN:
        write(campaign.played, asked.seed)
    is_good = all(done.is_good for done in campaign.played)
    if is_good:
        shutil.rmtree(folder)
    return 0 if is_good else 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=3, help="platforms side by side")
    parser.add_argument("--rows", type=int, default=2_000, help="rows of each training")
    parser.add_argument("--lease", type=float, default=30, help="a stop lasts half as long again")
    parser.add_argument("--round", type=int, help="only this one")
    parser.add_argument("--folder", type=Path, help="where platforms keep their folders")
    parser.add_argument("--write", action="store_true", help="renew docs/reliability.md")
    try:
        sys.exit(asyncio.run(run(parser.parse_args())))
    except asyncio.CancelledError:
        sys.exit(130)


if __name__ == "__main__":
    main()
