"""Drift measured: what a model version was asked on some days beside what it learnt from."""

from __future__ import annotations

import orjson

from store.codec import from_plain, to_plain
from store.records.drift import DriftFindings, DriftReport
from workers.attempts.attempt import Attempt
from workers.attempts.folders import fetch_bundle
from workers.pipeline.requests import DriftRequest


async def drift(attempt: Attempt) -> None:
    """Fill the report; nothing of the version or its answers is changed."""
    store = attempt.store
    await store.live.check(attempt.job)
    report = await store.drift.of(attempt.job)
    if report.findings is None:
        request, texts = await _gathered(attempt, report)
        asked = {"call": "drift", "out": str(attempt.scratch), "request": to_plain(request)}
        found = from_plain(DriftFindings, await attempt.stage("measure", asked, texts))
        await attempt.stage_done("measure", found.overall.texts, found.message)
        await attempt.commit()
        await store.drift.measured(attempt.job, found)
    else:
        await store.drift.tell(report)
    await attempt.succeed()


async def _gathered(attempt: Attempt, report: DriftReport) -> tuple[DriftRequest, int]:
    """The bundle, its rows and the traffic, in the scratch folder; and how much that is."""
    store, scratch = attempt.store, attempt.scratch
    await attempt.stage_started("gather")
    version = await store.live.model_version(report.model_version_id)
    request = DriftRequest(
        bundle=scratch / "bundle", input=scratch / "input", traffic=scratch / "traffic.json",
        since=report.since, kind=version.kind, seed=version.spec.seed,
    )  # fmt: skip
    await fetch_bundle(store.objects, version, request.bundle)
    rows = await store.mongo.dataset_versions.get(version.dataset_version_id)
    request.input.mkdir(exist_ok=True)
    for number, shard in enumerate(rows.shards):
        await store.objects.fetch(shard.object_key, request.input / f"{number:05}.parquet")
    await store.predictions.drain()  # the latest answers may still be in the log
    traffic = await store.drift.traffic(report)
    request.traffic.write_bytes(orjson.dumps([to_plain(day) for day in traffic]))
    read, made = sum(len(day.read) for day in traffic), sum(day.predictions for day in traffic)
    summary = f"{read:,} of {made:,} predictions on {len(traffic)} days"
    await attempt.stage_done("gather", read, summary)
    return request, read
