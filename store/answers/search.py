"""Search: an index of a version built by a job, and asked through the inference workers."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from store import ids
from store.calls.calls import CallKind, Calls
from store.clock import now
from store.codec import to_plain
from store.errors import IllegalMove, InvalidValue, StoreError
from store.jobs import Jobs
from store.live import Live
from store.mongo import Collections
from store.records.dataset import DataKind, DatasetVersion, VersionStatus
from store.records.index import Built, IndexStatus, SearchIndex, index_id
from store.records.job import Job, JobKind, JobStatus, Priority, new_stages
from store.records.search import Query, SearchAnswer
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.training.trainable import EMBEDDERS

UNDONE = (JobStatus.FAILED, JobStatus.CANCELLED)
MAX_INDEXES = 20
"""Of one version that are looked at."""
DEFAULT = {
    DataKind.TEXT: EmbedderSpec(),
    DataKind.SEQUENCE: EmbedderSpec(EmbedderKind.KMER),
}
log = structlog.get_logger(__name__)


class Search:
    """Who may see a version is for callers to check."""

    def __init__(self, *, mongo: Collections, jobs: Jobs, calls: Calls) -> None:
        self._indexes = mongo.search_indexes
        self._versions = mongo.dataset_versions
        self._known_jobs = mongo.jobs
        self._jobs = jobs
        self._calls = calls
        self._live = Live(mongo)

    # -- building ---------------------------------------------------------------------------------

    async def build(
        self, by: str, version_id: str, embedder: EmbedderSpec | None = None, *,
        job_id: str | None = None, priority: Priority = Priority.NORMAL,
        retry_of: str | None = None,
    ) -> SearchIndex:  # fmt: skip
        """The index of that version and embedder, and the job that it names is under way or done.

        However many ask, there is one: a new job, `job_id`, only where none is at it. Raises
        NotFound, IllegalMove for a version that is not READY, InvalidValue.
        """
        version = await self._live.dataset_version(version_id)
        embedder = embedder or DEFAULT[version.kind]
        check_indexable(version, embedder)
        fresh, identifier = job_id or ids.new(ids.JOB), index_id(version.id, embedder)
        index = SearchIndex(
            id=identifier, dataset_id=version.dataset_id, dataset_version_id=version.id,
            owner_id=version.owner_id, embedder=embedder, job_id=fresh, created_at=now(),
        )  # fmt: skip
        await self._indexes.insert_many_ignoring_known([index])
        index = await self._indexes.get(identifier)
        before = await self._known_jobs.find(index.job_id)
        if before is not None and before.status in UNDONE:
            ended = before.id
            index = await self._indexes.amend(
                identifier, lambda kept: kept.asked_again(ended, fresh)
            )
        if index.status is IndexStatus.BUILDING:
            await self._jobs.submit(_job(index, by, priority, retry_of))
        return index

    async def again(self, ended: Job, job_id: str) -> Job:
        """Job `job_id` builds what the `ended` one was to; or the one that is at it, or has."""
        index = await self.build(
            ended.owner_id, ended.dataset_version_id, ended.spec.embedder, job_id=job_id,
            priority=ended.priority, retry_of=ended.id,
        )  # fmt: skip
        return await self._known_jobs.get(index.job_id)

    async def follow(self, training: Job) -> None:
        """Have what was trained on searchable as well, when there is nothing else to do.

        Its vectors are known by now, unless it took a sample. What goes wrong here is no matter of
        the training.
        """
        try:
            version = await self._versions.get(training.dataset_version_id)
            sample = training.spec.max_rows
            if sample is None or sample >= version.rows:
                embedder = training.spec.embedder
                await self.build(training.owner_id, version.id, embedder, priority=Priority.LOW)
        except StoreError as fault:
            log.warning("search.not_followed", job=training.id, error=str(fault))

    async def ready(self, job: Job, built: Built) -> SearchIndex:
        """The job has built its index. Raises IllegalMove when another one does by now."""
        identifier = index_id(job.dataset_version_id, job.spec.embedder)
        return await self._indexes.amend(identifier, lambda kept: kept.ready(job.id, built, now()))

    # -- asking -----------------------------------------------------------------------------------

    async def indexes(self, version_id: str) -> list[SearchIndex]:
        """Of a version, the newest first, whether ready or not."""
        return await self._indexes.newest(
            {"dataset_version_id": version_id}, "created_at", MAX_INDEXES
        )

    async def live_indexes(self, identifiers: Sequence[str]) -> dict[str, SearchIndex]:
        """Those that exist and whose data set is not in the trash, by id."""
        found = await self._indexes.get_many(identifiers)
        datasets = await self._live.datasets({each.dataset_id for each in found.values()})
        return {id: each for id, each in found.items() if each.dataset_id in datasets}

    async def searchable(self, dataset_id: str) -> str | None:
        """The newest version of a data set that has an index; else the newest that is READY."""
        ready = {"dataset_id": dataset_id, "status": VersionStatus.READY.value}
        indexed = await self._indexes.distinct(
            "dataset_version_id", {"dataset_id": dataset_id, "status": IndexStatus.READY.value}
        )
        for where in ({"_id": {"$in": indexed}}, ready):
            found = await self._versions.page(where, first=1)
            if found.items:
                return found.items[0].id
        return None

    async def ask(self, index: SearchIndex, text: str, query: Query) -> SearchAnswer:
        """The rows found. Raises what `Calls.ask` does."""
        plain = to_plain(query)
        [answer] = await self._calls.ask(
            SearchAnswer, CallKind.SEARCH, index.id, [text], query=plain
        )
        return answer


def check_indexable(version: DatasetVersion, embedder: EmbedderSpec) -> None:
    """Raises IllegalMove for the version, InvalidValue for the embedder."""
    if version.status is not VersionStatus.READY:
        raise IllegalMove(f"version {version.number} is {version.status}, not READY")
    if embedder.kind not in EMBEDDERS[version.kind]:
        fitting = " or ".join(EMBEDDERS[version.kind])
        why = f"{version.kind} needs the embedder {fitting}, not {embedder.kind}"
        raise InvalidValue(why, "embedder", "kind")
    if not 2 <= embedder.dimensions <= 4_096:
        raise InvalidValue("dimensions must be 2 to 4096", "embedder", "dimensions")
    if not 3 <= embedder.k <= 8:
        raise InvalidValue("k must be 3 to 8", "embedder", "k")


def _job(index: SearchIndex, by: str, priority: Priority, retry_of: str | None) -> Job:
    """The job that the record names."""
    return Job(
        id=index.job_id, kind=JobKind.INDEX, owner_id=by, dataset_id=index.dataset_id,
        dataset_version_id=index.dataset_version_id, created_at=now(),
        stages=new_stages(JobKind.INDEX), spec=TrainingSpec(embedder=index.embedder),
        priority=priority, retry_of=retry_of,
    )  # fmt: skip
