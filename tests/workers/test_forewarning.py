"""What a profile warns of is said in the jobs' logs as well."""

from __future__ import annotations

from dataclasses import replace

from store.datasets.datasets import Row
from store.joblogs import level_of
from store.records.advice import AdviceCode
from store.records.event import LogLevel
from store.records.job import Job
from store.records.training import EmbedderKind, EmbedderSpec
from store.store import Store
from tests.workers.conftest import FAST, OWNER
from workers.pipeline_worker import PipelineWorker

GERMAN = {
    "Karte": "Ich habe meine Karte verloren, Nummer {}.",
    "Konto": "Wie kann ich mein Konto online schließen, Kunde {}?",
}


async def warnings(store: Store, job: Job) -> list[str]:
    """Codes of the log's lines of level WARNING."""
    lines = (await store.job_logs.page(job, None, 500)).events
    return [
        line.related["code"]
        for line in lines
        if level_of(line) is LogLevel.WARNING and "code" in line.related
    ]


async def test_other_languages_are_told_at_ingest_and_at_training(
    store: Store, worker: PipelineWorker
) -> None:
    rows = [Row(text.format(n), label) for label, text in GERMAN.items() for n in range(8)]
    made = await store.datasets.create_from_rows(OWNER, "german", rows=rows)
    await worker.run_job({}, made.job.id)
    assert await warnings(store, made.job) == [AdviceCode.NOT_ENGLISH]
    version = await store.mongo.dataset_versions.get(made.version.id)
    assert version.profile is not None
    (warning,) = version.profile.warnings
    assert (warning.code, version.profile.language) == (AdviceCode.NOT_ENGLISH, "de")

    spec = replace(FAST, embedder=warning.embedder or FAST.embedder)
    as_proposed = await store.models.start_training(OWNER, version.id, spec, "german")
    await worker.run_job({}, as_proposed.id)
    assert AdviceCode.NOT_ENGLISH not in await warnings(store, as_proposed)

    spec = replace(FAST, embedder=EmbedderSpec(EmbedderKind.STATIC))
    estimate = await store.estimates.training(version, spec)
    assert [each.code for each in estimate.warnings] == [AdviceCode.NOT_ENGLISH]
