"""Drift on banking77: classes are left out of a training, and traffic is dated over days.

Quiet days hold texts of the classes that were learnt, but texts that were neither learnt nor held
out: how many of these days are called drifted? Then every second day has texts of the classes that
were left out among its own: how many of these days are told, and how much of the texts in holes is
truly of such classes? Of a hole its first hundred texts are looked at, those that a labelling batch
offers.
"""

from __future__ import annotations

import asyncio
import csv
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import Rows, banking77
from bench.figure import Figure, at_least, at_most
from bench.platform import POLL_S, Platform, Stopwatch
from store import ids
from store.clock import now
from store.learning.traffic import DAY, midnight
from store.records.drift import DriftFindings, DriftVerdict
from store.records.prediction import Decision, Prediction
from store.store import Store, open_store
from workers.pipeline.table import plain

CUTS = range(10, 18)
"""Seeds of the choices of classes; limits were chosen on 0 to 7. Cuts differ much: of the strange
texts at 10 % a fifth to three fifths are found in holes.
"""
LEFT_OUT = 8
"""Of 77 classes."""
LEARNT_SHARE = 0.6
"""Of the others' texts; a fifth of these is held out from training."""
QUIET_DAYS, QUIET_TEXTS = 80, 125
DAYS, TEXTS = 30, 150
MIXES = (0.1, 0.2)
"""Share of the left-out classes' texts on every second day."""


@dataclass(frozen=True)
class Pool:
    learnt: Rows
    usual: list[str]
    """Of the same classes."""
    strange: list[str]
    """Of the classes that were left out."""


@dataclass(frozen=True)
class Measured:
    findings: DriftFindings
    in_holes: set[str]
    """Texts that a labelling batch would offer of them."""
    seconds: float


@dataclass
class Tally:
    """Over all choices of classes, of one share of strange texts."""

    told: int = 0
    false: int = 0
    days: int = 0
    """Of either kind."""
    in_holes: int = 0
    hits: int = 0
    """Texts in holes, and those that are truly strange."""
    there: int = 0
    holes: list[int] = field(default_factory=list)

    def add(self, pool: Pool, asked: Sequence[Sequence[str]], found: Measured) -> None:
        drifted = [day.verdict is DriftVerdict.DRIFTED for day in found.findings.days]
        strange, every = set(pool.strange), {text for day in asked for text in day}
        self.false += sum(drifted[::2])
        self.told += sum(drifted[1::2])
        self.days += len(drifted) // 2
        self.in_holes += len(found.in_holes)
        self.hits += len(found.in_holes & strange)
        self.there += len(every & strange)
        self.holes.append(len(found.findings.holes))


async def drift(platform: Platform) -> list[Figure]:
    """False alarms, what is found, and seconds for 10,000 predictions."""
    quiet, seconds = Tally(), []
    mixed = {mix: Tally() for mix in MIXES}
    pools = {seed: _pool(seed) for seed in CUTS}
    versions = {seed: await _trained(platform, pools[seed], f"drift-{seed}") for seed in CUTS}
    async with open_store(platform.settings) as store:
        for seed, pool in pools.items():
            version, chance = versions[seed], random.Random(seed)
            asked = [chance.sample(pool.usual, QUIET_TEXTS) for _ in range(QUIET_DAYS)]
            found = await _measured(store, version, asked)
            quiet.add(pool, asked, found)
            seconds.append(found.seconds)
            for mix, tally in mixed.items():
                asked = [_day(pool, chance, mix * (number % 2)) for number in range(DAYS)]
                tally.add(pool, asked, await _measured(store, version, asked))
    return _figures(quiet, mixed, seconds)


def _figures(quiet: Tally, mixed: dict[float, Tally], seconds: Sequence[float]) -> list[Figure]:
    alarms, days = quiet.told + quiet.false, 2 * quiet.days
    print(f"# {alarms} of {days} quiet days called drifted; holes in them: {quiet.holes}")
    found = [
        at_most("drift_false_alarms", alarms / days, 0.02),
        at_most("drift_holes_on_quiet_days", sum(quiet.holes), 1),
    ]
    for mix, tally in mixed.items():
        print(
            f"# {mix:.0%} strange: {tally.told} of {tally.days} days told, {tally.false} of "
            f"{tally.days} days between called drifted; {tally.in_holes} texts in {tally.holes} "
            f"holes, {tally.hits} of {tally.there} strange ones among them"
        )
        name, is_much = f"drift_{mix * 100:.0f}_percent", mix == max(MIXES)
        precision, recall = tally.hits / max(tally.in_holes, 1), tally.hits / tally.there
        found += [
            at_least(f"{name}_days_told", tally.told / tally.days, 0.9 if is_much else 0.3),
            at_least(f"{name}_hole_precision", precision, 0.85),
            at_least(f"{name}_hole_recall", recall, 0.45 if is_much else 0.2),
        ]
    middle = sorted(seconds)[len(seconds) // 2]
    return [*found, at_most("drift_10000_predictions_s", middle, 60, "s")]


def _pool(seed: int) -> Pool:
    """No text is in it twice."""
    rows = [banking77(part) for part in ("train", "test")]
    label_of = {
        plain(text): (text, label)
        for part in rows
        for text, label in zip(part.texts, part.labels, strict=True)
    }
    chance = random.Random(seed)
    out = set(chance.sample(sorted({label for _, label in label_of.values()}), LEFT_OUT))
    usual = [each for each in label_of.values() if each[1] not in out]
    chance.shuffle(usual)
    cut = round(LEARNT_SHARE * len(usual))
    return Pool(
        learnt=Rows([text for text, _ in usual[:cut]], [label for _, label in usual[:cut]]),
        usual=[text for text, _ in usual[cut:]],
        strange=[text for text, label in label_of.values() if label in out],
    )


def _day(pool: Pool, chance: random.Random, mix: float) -> list[str]:
    strange = round(mix * TEXTS)
    return chance.sample(pool.usual, TEXTS - strange) + chance.sample(pool.strange, strange)


async def _trained(platform: Platform, pool: Pool, name: str) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, f"{name}.csv")
        _write(path, pool.learnt)
        data = await platform.ingest(path, columns={"text": "text", "label": "label"})
    version: str = (await platform.train(data, name))["id"]
    return version


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(zip(rows.texts, rows.labels, strict=True))


async def _measured(store: Store, version_id: str, asked: Sequence[Sequence[str]]) -> Measured:
    """What is told of these days, the last of them yesterday, each time asked by another user."""
    asker = ids.new(ids.USER)
    version = await store.mongo.model_versions.get(version_id)
    first = midnight(now()) - len(asked) * DAY
    for number, texts in enumerate(asked):
        at = first + number * DAY
        made = [
            Prediction(
                id=ids.derived(ids.PREDICTION, at, asker, text), text=text, user_id=asker,
                model_id=version.model_id, model_version_id=version_id, label="", probability=0.0,
                abstained=False, decision=Decision.ANSWER, cluster=0, cached=False, latency_ms=0.0,
                at=at,
            )
            for text in texts
        ]  # fmt: skip
        await store.mongo.predictions.insert_many_ignoring_known(made)
    watch = Stopwatch()
    job = await store.drift.start(
        version.owner_id, version.id, days=len(asked) + 1, texts=10_000, asked_by=asker
    )
    await _ended(store, job.id)
    seconds = watch.seconds
    report = await store.drift.of(job)
    assert report.findings is not None
    offered = [each for hole in report.findings.holes for each in hole.candidates]
    known = await store.mongo.predictions.get_many(offered)
    return Measured(report.findings, {each.text for each in known.values()}, seconds)


async def _ended(store: Store, job_id: str) -> None:
    """Not asked of the API, whose token runs out on a slow machine."""
    while True:
        job = await store.mongo.jobs.get(job_id)
        if job.status.is_terminal:
            return
        await asyncio.sleep(POLL_S)
