"""Two model versions compared: what both say to the same rows and to the same queries."""

from __future__ import annotations

import orjson

from store.codec import from_plain, to_plain
from store.records.comparison import Comparison, Exam, Replay
from workers.attempts.attempt import Attempt
from workers.attempts.folders import fetch_bundle
from workers.pipeline.requests import CompareRequest


async def compare(attempt: Attempt) -> None:
    """Run a comparison; nothing of either version is changed."""
    store = attempt.store
    await store.live.check(attempt.job)
    comparison = await store.comparisons.of(attempt.job)
    if comparison.replay is None:
        request, texts = await _gathered(attempt, comparison)
        asked = {"call": "compare", "out": str(attempt.scratch), "request": to_plain(request)}
        found = await attempt.stage("answer", asked, texts)
        exam = from_plain(Exam, found["exam"]) if found["exam"] else None
        replay = from_plain(Replay, found["replay"])
        told = exam.message if exam else "No labelled row is unknown to both."
        summary = f"{told} {replay.changed_texts:,} of {replay.texts:,} queries turn"
        await attempt.stage_done("answer", 2 * ((exam.rows if exam else 0) + replay.texts), summary)
        await attempt.commit()
        await store.comparisons.compared(attempt.job, exam, replay)
    await attempt.succeed()


async def _gathered(attempt: Attempt, comparison: Comparison) -> tuple[CompareRequest, int]:
    """Both bundles, the rows and the queries, in the scratch folder; and how much that is."""
    store, scratch = attempt.store, attempt.scratch
    await attempt.stage_started("gather")
    request = CompareRequest(
        before=scratch / "before", after=scratch / "after", input=scratch / "input",
        queries=scratch / "queries.json",
    )  # fmt: skip
    for identifier, folder in (
        (comparison.before_id, request.before), (comparison.after_id, request.after)
    ):  # fmt: skip
        version = await store.live.model_version(identifier)
        await fetch_bundle(store.objects, version, folder)
    rows = await store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    request.input.mkdir(exist_ok=True)
    for number, shard in enumerate(rows.shards):
        await store.objects.fetch(shard.object_key, request.input / f"{number:05}.parquet")
    queries = await store.comparisons.queries(comparison)
    request.queries.write_bytes(orjson.dumps([to_plain(query) for query in queries]))
    summary = f"{rows.rows:,} rows and {len(queries):,} queries"
    await attempt.stage_done("gather", rows.rows + len(queries), summary)
    return request, rows.rows + len(queries)
