"""How long work takes: learnt from the stages that were run here, told before and while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from store.clock import now
from store.errors import InvalidValue, NotTrainable
from store.mongo import Collections
from store.records.advice import Advice
from store.records.dataset import DatasetVersion
from store.records.job import STAGES, Job, JobKind, JobStatus, Span
from store.records.rate import Observation, Rate, total
from store.records.stage import Stage, StageStatus
from store.records.training import TrainingSpec
from store.training.forerunners import Forerunners
from store.training.forewarning import warnings_for
from store.training.trainable import check_trainable

KEPT_SPAN = Span(0.02, 0.1)
"""Of a stage whose files are there already."""
LEARNT = (JobKind.INGEST, JobKind.TRAIN, JobKind.PREDICT)
"""Kinds of jobs that are estimated; those of others would teach these what is not so."""
JUDGED = 50
FORERUNNERS = 50

# Seconds a row and bytes of memory until the first run is seen: a small machine's, with MiniLM.
PRIOR_SECONDS = {
    "read": 2e-7, "clean": 2e-5, "split": 1e-5, "embed": 1.5e-3, "cluster": 3e-4, "project": 4e-4,
    "fit": 5e-4, "calibrate": 3e-5, "evaluate": 1e-4, "package": 5e-5,
    "prepare": 5e-6, "predict": 1.7e-3, "write": 2e-5,
}  # fmt: skip
PRIOR_OVERHEAD_S = 0.15
PRIOR_DOUBT = 3.0
PRIOR_PEAK_BYTES = 700 * 2**20


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the work would be refused if it was asked for."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How estimates have done: the latest jobs that had one and succeeded."""

    jobs: int
    median_ratio: float | None
    """Of the time that it took over the p50 told before."""
    within_p90: float | None
    """Share of the jobs that took no longer than their p90; 0.9 if estimates are honest."""


@dataclass(frozen=True, slots=True)
class TrainingEstimate:
    seconds: Span
    peak_bytes: int
    """Of the largest stage's process."""
    rows_to_embed: int
    rows_cached: int
    refusal: Refusal | None = None
    warnings: tuple[Advice, ...] = ()


class Estimates:
    """Everything raises Unavailable when MongoDB does not answer."""

    def __init__(self, *, mongo: Collections) -> None:
        self._mongo = mongo

    async def training(self, version: DatasetVersion, spec: TrainingSpec) -> TrainingEstimate:
        """Of a training of `version`, as if it began now."""
        before = await self._forerunners(version, spec)
        rates = await self._rates(STAGES[JobKind.TRAIN], spec)
        peaks = [rate.peak_bytes(before.rows) for rate in rates.values()]
        return TrainingEstimate(
            seconds=total([_whole(name, rates, before) for name in STAGES[JobKind.TRAIN]]),
            peak_bytes=max(peaks, default=PRIOR_PEAK_BYTES),
            rows_to_embed=before.rows - before.rows_cached,
            rows_cached=before.rows_cached,
            refusal=_refusal(version, spec),
            warnings=warnings_for(version, spec),
        )

    async def ingest(self, version: DatasetVersion) -> Span:
        """Of reading the version's file."""
        rates = await self._rates(["read"], TrainingSpec())
        return _span(rates.get("read"), "read", version.source.bytes)

    async def bulk(self, rows: int, spec: TrainingSpec) -> Span:
        """Of answering so many rows with a model of that spec."""
        names = STAGES[JobKind.PREDICT]
        rates = await self._rates(names, spec)
        return total([_span(rates.get(name), name, rows) for name in names])

    async def remaining(self, job: Job) -> Span | None:
        """From now to the end of a running job; None for one that nothing is known of."""
        version = await self._mongo.dataset_versions.find(job.dataset_version_id)
        if job.kind is not JobKind.TRAIN or version is None:
            return _left_of(job.estimate, job)
        before = await self._forerunners(version, job.spec)
        rates = await self._rates(STAGES[JobKind.TRAIN], job.spec)
        left = [stage for stage in job.stages if stage.status is not StageStatus.DONE]
        return total([_rest(stage, _whole(stage.name, rates, before)) for stage in left])

    async def learn(self, job: Job) -> None:
        """Note how long the stages of a job took that it ran itself."""
        if job.kind not in LEARNT:
            return
        version = await self._mongo.dataset_versions.find(job.dataset_version_id)
        if version is not None and job.kind is JobKind.INGEST and version.edits is not None:
            return  # the time of edits goes with the rows of the base, not with their list
        for stage in job.stages:
            seen = _observed(stage, _units(job, stage, version)) if version else None
            if seen is not None:
                await self._note(rate_id(stage.name, job.spec), seen)

    async def accuracy(self) -> Accuracy:
        where = {"status": JobStatus.SUCCEEDED.value, "estimate": {"$ne": None}}
        judged = await self._mongo.jobs.page(where, first=JUDGED)
        pairs = [(took, job.estimate) for job in judged.items if (took := run_time_s(job))]
        ratios = sorted(took / max(span.p50, 1e-3) for took, span in pairs if span)
        if not ratios:
            return Accuracy(0, None, None)
        within = sum(took <= span.p90 for took, span in pairs if span)
        return Accuracy(len(ratios), ratios[len(ratios) // 2], within / len(ratios))

    async def _forerunners(self, version: DatasetVersion, spec: TrainingSpec) -> Forerunners:
        where = {"dataset_id": version.dataset_id, "kind": JobKind.TRAIN.value}
        jobs = (await self._mongo.jobs.page(where, first=FORERUNNERS)).items
        versions = await self._mongo.dataset_versions.get_many(
            {job.dataset_version_id for job in jobs}
        )
        return Forerunners(version, spec, jobs, versions)

    async def _rates(self, stages: Iterable[str], spec: TrainingSpec) -> dict[str, Rate]:
        """Those with observations: for a moment a new one has none."""
        ids = {name: rate_id(name, spec) for name in stages}
        found = await self._mongo.rates.get_many(ids.values())
        known = {name: found.get(each) for name, each in ids.items()}
        return {name: rate for name, rate in known.items() if rate and rate.observations}

    async def _note(self, identifier: str, seen: Observation) -> None:
        await self._mongo.rates.insert_many_ignoring_known([Rate(identifier)])
        await self._mongo.rates.amend(identifier, lambda rate: rate.observed(seen))


def rate_id(stage: str, spec: TrainingSpec) -> str:
    """What runs of a stage are compared with: those with the same tool."""
    embedder = spec.embedder
    tools = {
        "embed": f"{embedder.kind}:{embedder.model}:{embedder.precision}",
        "predict": f"{embedder.kind}:{embedder.model}:{embedder.precision}",
        "cluster": spec.clusterer.kind.value,
        "fit": embedder.kind.value,
    }
    return f"{stage}:{tools[stage]}" if stage in tools else stage


def run_time_s(job: Job) -> float | None:
    """From its first start to its end."""
    if job.started_at is None or job.ended_at is None:
        return None
    return (job.ended_at - job.started_at).total_seconds()


def _span(rate: Rate | None, stage: str, units: int) -> Span:
    if rate is not None:
        return rate.seconds(units)
    p50 = PRIOR_OVERHEAD_S + units * PRIOR_SECONDS.get(stage, 1e-4)
    return Span(p50, p50 * PRIOR_DOUBT)


def _whole(stage: str, rates: Mapping[str, Rate], before: Forerunners) -> Span:
    """Of a stage of a training from its beginning to its end."""
    if stage in before.kept:
        return KEPT_SPAN
    fresh = before.rows - before.rows_cached
    return _span(rates.get(stage), stage, fresh if stage == "embed" else before.rows)


def _rest(stage: Stage, whole: Span) -> Span:
    """Of a stage that is not done: by its own speed so far, once it has one."""
    if stage.status is not StageStatus.RUNNING or stage.started_at is None:
        return whole
    spent_s = (now() - stage.started_at).total_seconds()
    if stage.done and stage.total:
        rest_s = spent_s * (stage.total - stage.done) / stage.done
        return Span(rest_s, rest_s * 1.5)
    return _less(whole, spent_s)


def _left_of(estimate: Span | None, job: Job) -> Span | None:
    if estimate is None or job.started_at is None:
        return estimate
    return _less(estimate, (now() - job.started_at).total_seconds())


def _less(span: Span, seconds: float) -> Span:
    return Span(max(span.p50 - seconds, 0.0), max(span.p90 - seconds, 0.0))


def _units(job: Job, stage: Stage, version: DatasetVersion) -> int:
    """What the stage's time goes with: bytes of a file, or rows that are trained on."""
    if job.kind is JobKind.PREDICT:
        return stage.done if stage.fresh is None else stage.fresh
    if job.kind is not JobKind.TRAIN:
        return version.source.bytes
    rows = job.stage("clean").done
    return rows if stage.fresh is None else stage.fresh


def _observed(stage: Stage, units: int) -> Observation | None:
    """None for a stage that was taken over, or not done."""
    if stage.status is not StageStatus.DONE or stage.is_kept:
        return None
    if stage.started_at is None or stage.ended_at is None:
        return None
    seconds = (stage.ended_at - stage.started_at).total_seconds()
    return Observation(units, seconds, stage.peak_bytes)


def _refusal(version: DatasetVersion, spec: TrainingSpec) -> Refusal | None:
    try:
        check_trainable(version, spec)
    except (NotTrainable, InvalidValue) as refused:
        return Refusal(refused.code, str(refused))
    return None
