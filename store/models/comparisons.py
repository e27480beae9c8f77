"""Comparisons of model versions: asked for before one is published in another's place."""

from __future__ import annotations

from store import ids
from store.clock import now
from store.errors import IllegalMove, InvalidValue
from store.jobs import Jobs
from store.live import Live
from store.mongo import Collections
from store.records.comparison import Comparison, Exam, Query, Replay
from store.records.job import Job, JobKind, Priority, new_stages

MAX_QUERIES = 10_000


class Comparisons:
    """Who may see the versions is for callers to check. All raises Unavailable."""

    def __init__(self, *, mongo: Collections, jobs: Jobs) -> None:
        self._mongo = mongo
        self._jobs = jobs
        self._live = Live(mongo)

    async def start(
        self, owner_id: str, before_id: str, after_id: str, *, queries: int,
        asked_by: str | None, job_id: str | None = None, priority: Priority = Priority.NORMAL,
        retry_of: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that compares the two; its comparison has the same ULID.

        The exam is held on the rows of the data set that `after` was trained on, the replay on the
        last answers of the model that `before` is a version of. Asked again with its id, it goes
        on with what is there. Raises NotFound, InvalidValue, IllegalMove.
        """
        if not 0 <= queries <= MAX_QUERIES:
            why = f"queries is {queries}; it must be 0 to {MAX_QUERIES:,}"
            raise InvalidValue(why, "queries")
        before = await self._live.model_version(before_id)
        after = await self._live.model_version(after_id)
        if before.id == after.id:
            raise InvalidValue("a version is not compared with itself", "after")
        if not after.dataset_id:
            raise IllegalMove("a bundle from elsewhere has no rows here to hold an exam on")
        if before.kind is not after.kind:
            raise IllegalMove(f"one reads {before.kind} and the other {after.kind}")
        job = Job(
            id=job_id or ids.new(ids.JOB), kind=JobKind.COMPARE, owner_id=owner_id,
            dataset_id=after.dataset_id, dataset_version_id=after.dataset_version_id,
            created_at=now(), stages=new_stages(JobKind.COMPARE), spec=after.spec,
            model_id=before.model_id, priority=priority, retry_of=retry_of,
        )  # fmt: skip
        comparison = Comparison(
            id=comparison_of(job.id), owner_id=owner_id, job_id=job.id, model_id=before.model_id,
            before_id=before.id, after_id=after.id, dataset_id=after.dataset_id,
            created_at=job.created_at, queries=queries, asked_by=asked_by,
        )  # fmt: skip
        await self._mongo.comparisons.insert_many_ignoring_known([comparison])
        return await self._jobs.submit(job)

    async def again(self, ended: Job, job_id: str) -> Job:
        """The same two once more. Raises as `start`."""
        known = await self._mongo.comparisons.get(comparison_of(ended.id))
        return await self.start(
            ended.owner_id, known.before_id, known.after_id, queries=known.queries,
            asked_by=known.asked_by, job_id=job_id, priority=ended.priority, retry_of=ended.id,
        )  # fmt: skip

    # -- workers ----------------------------------------------------------------------------------

    async def of(self, job: Job) -> Comparison:
        """What a COMPARE is to compare. Raises NotFound."""
        return await self._mongo.comparisons.get(comparison_of(job.id))

    async def queries(self, comparison: Comparison) -> list[Query]:
        """The texts of the last answers, the newest first, each once."""
        where = {"model_id": comparison.model_id}
        if comparison.asked_by is not None:
            where["user_id"] = comparison.asked_by
        found: dict[str, Query] = {}
        newest = await self._mongo.predictions.page(where, first=comparison.queries)
        for each in newest.items:
            known = found.get(each.text)
            found[each.text] = Query(
                text=each.text, times=known.times + 1 if known else 1,
                prediction_id=known.prediction_id if known else each.id,
                correction=(known.correction if known else None) or each.correction,
            )  # fmt: skip
        return list(found.values())

    async def compared(self, job: Job, exam: Exam | None, replay: Replay) -> Comparison:
        """A second attempt's is dropped. Raises NotFound."""
        return await self._mongo.comparisons.amend(
            comparison_of(job.id), lambda kept: kept.compared(exam, replay)
        )


def comparison_of(job_id: str) -> str:
    """The id of a job's comparison."""
    return ids.sibling(ids.COMPARISON, job_id)
