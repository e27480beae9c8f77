"""Fixes tried on a model: its head fitted again on what its training kept, and both compared."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import orjson

from store.abreast import abreast
from store.codec import from_plain, to_plain
from store.objects import keys
from store.records.dataset import DatasetVersion
from store.records.trial import Judgement, Trial
from workers.attempts.artefacts import DONE, digest
from workers.attempts.attempt import Attempt
from workers.attempts.folders import pull
from workers.pipeline.progress import BadData
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.workspace import Workspace

READ = ("clean", "split", "embed", "fit", "calibrate")
"""The stages of a training whose files a trial reads."""


async def refit(attempt: Attempt) -> None:
    """Run a trial to its judgement; nothing of the model or its data set is changed."""
    began = time.perf_counter()
    await attempt.store.live.check(attempt.job)
    trial = await attempt.store.trials.of(attempt.job)
    version = await attempt.store.mongo.dataset_versions.get(trial.dataset_version_id)
    if trial.judgement is None:
        trying = Trying(attempt, trial, version, Workspace(attempt.scratch))
        await trying.load()
        fits_s = await trying.fit()
        found = await trying.judge()
        await attempt.commit()
        seconds = time.perf_counter() - began
        found = replace(found, seconds=seconds, refit_seconds=fits_s)
        await attempt.store.trials.judged(attempt.job, found)
    await attempt.succeed()


@dataclass(frozen=True)
class Trying:
    """One attempt's way through the stages."""

    attempt: Attempt
    trial: Trial
    version: DatasetVersion
    work: Workspace

    async def load(self) -> None:
        """What the training's stages left. Raises BadData when some of it is gone."""
        await self.attempt.stage_started("load", self.version.rows)
        await abreast(self._load, READ)
        await self.attempt.stage_done("load", self.version.rows, f"files of {len(READ)} stages")

    async def fit(self) -> float:
        """Both heads; the seconds that took."""
        began = time.perf_counter()
        fixes = [to_plain(fix) for fix in self.trial.fixes]
        request = {"call": "refit", "folder": str(self.work.folder), "fixes": fixes}
        outcome = await self.attempt.stage("refit", request, self.version.rows)
        seconds = time.perf_counter() - began
        await self.attempt.stage_done("refit", outcome["done"], outcome["summary"])
        return seconds

    async def judge(self) -> Judgement:
        request = {"call": "judge", "folder": str(self.work.folder)}
        found = from_plain(Judgement, await self.attempt.stage("judge", request))
        await self.attempt.stage_done("judge", found.test_rows, found.message)
        return found

    async def _load(self, stage: str) -> None:
        objects = self.attempt.store.objects
        asked = digest(stage, self.version, self.attempt.job.spec)
        note = keys.artefacts(self.version.dataset_id, asked, stage) + DONE
        if await objects.stat(note) is None:
            raise _gone(stage)
        done = orjson.loads(await objects.get_bytes(note))
        await pull(objects, done["files"], self.work.folder / stage)


def _gone(stage: str) -> BadData:
    return refusal(
        "ARTEFACTS_GONE",
        f"what the model's training kept of its stage {stage} is not there, or is of an older make",
        "train again on the same version with the same spec, and try the fixes on that model",
    )
