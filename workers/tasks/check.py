"""From a version to what may be wrong with its rows, shown all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from store import ids
from store.clock import now
from store.codec import to_plain
from store.objects import keys
from store.records.dataset import DatasetVersion
from store.records.job import Job
from store.records.quality import CheckSpec, Finding, KindCount, Quality
from workers.attempts.attempt import Attempt
from workers.attempts.folders import push
from workers.engines import keep_engine
from workers.pipeline.embedders import embedder_key
from workers.pipeline.quality.judged import judged
from workers.pipeline.quality.suspicion import Suspicion, Suspicions
from workers.pipeline.workspace import Workspace
from workers.shards.fan_out import FanOut, clear_shards
from workers.tasks.train import Training

BATCH = 200


async def check(attempt: Attempt) -> None:
    """Run a check; its findings are seen all at once, in the place of those of the one before."""
    await attempt.store.live.check(attempt.job)
    version = await attempt.store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    if version.quality is not None and version.quality.job_id == attempt.job.id:
        return await attempt.succeed()  # an earlier attempt died at its last words
    work = Workspace(attempt.scratch)
    await Training(attempt, version, work).lay_input()
    await _embed(attempt, version, work)
    for name in ("score", "compare"):
        asked = _request("check", work, attempt.job) | {"stage": name}
        outcome = await attempt.stage(name, asked, version.rows)
        await attempt.stage_done(name, outcome["done"], outcome["summary"])
    await _store(attempt, work)
    await attempt.succeed()


def _request(call: str, work: Workspace, job: Job) -> dict[str, Any]:
    asked = {"call": call, "folder": str(work.folder), "spec": to_plain(job.spec)}
    return asked | {"check": to_plain(job.check or CheckSpec())}


async def _embed(attempt: Attempt, version: DatasetVersion, work: Workspace) -> None:
    """Vectors of all rows: those of earlier trainings and checks, and the ones that are missing."""
    job, objects = attempt.job, attempt.store.objects
    await attempt.stage_started("embed", version.rows)
    await attempt.call(_request("lay", work, job), _silent)
    asked = _request("stage", work, job) | {"stage": "embed"}
    key = embedder_key(job.spec.embedder)
    if key is None:
        outcome = await attempt.stage("embed", asked, version.rows)
    else:
        outcome = await FanOut(attempt, work, key).run(asked, version.rows)
        await push(objects, Path(work.new_vectors), keys.vectors(key, version.dataset_id))
        await keep_engine(objects, key, work.engine)
    await attempt.stage_done("embed", outcome["done"], outcome["summary"], fresh=outcome["fresh"])
    await clear_shards(attempt)


async def _store(attempt: Attempt, work: Workspace) -> None:
    """Under the job's id nobody looks for them; they are there once the version names the job."""
    found = [judged(work, name) for name in ("score", "compare")]
    kinds = [each for some in found for each in some.suspicions]
    findings = [made for each in kinds for made in _findings(attempt.job, each)]
    await attempt.stage_started("store", len(findings))
    await attempt.store.checks.keep(attempt.job, findings)
    await attempt.commit()
    quality = Quality(
        job_id=attempt.job.id, at=now(), score=round(work.json("compare", "sound"), 4),
        label_noise=found[0].label_noise,
        counts=tuple(KindCount(k.kind, k.found, len(k.kept), k.rows) for k in kinds),
    )  # fmt: skip
    await attempt.store.checks.show(attempt.job, quality)
    total = sum(each.found for each in kinds)
    summary = f"{total:,} findings; {quality.score:.1%} of the rows have none"
    await attempt.stage_done("store", len(findings), summary)


def _findings(job: Job, suspicions: Suspicions) -> list[Finding]:
    return [_finding(job, suspicions, *ranked) for ranked in enumerate(suspicions.kept)]


def _finding(job: Job, of: Suspicions, rank: int, found: Suspicion) -> Finding:
    return Finding(
        id=ids.ranked(ids.FINDING, job.id, list(type(of.kind)).index(of.kind), rank),
        owner_id=job.owner_id, dataset_id=job.dataset_id,
        dataset_version_id=job.dataset_version_id, job_id=job.id, kind=of.kind, rank=rank,
        score=found.score, message=found.message, evidence=found.evidence,
        row_count=found.row_count, edits=found.edits, mark=found.mark,
    )  # fmt: skip


async def _silent(done: int, total: int) -> None:
    """Laying rows out is part of the stage, and not worth a figure of its own."""
