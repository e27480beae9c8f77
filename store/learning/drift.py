"""Drift of what published models are asked: measured on request, and once a day by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from store import ids
from store.clock import now
from store.errors import IllegalMove, InvalidValue
from store.events import Events
from store.jobs import Jobs
from store.learning.traffic import DAY, TrafficReader, midnight
from store.live import IN_USE, Live
from store.mongo import Collections
from store.records.account import Role
from store.records.drift import DriftFindings, DriftPeriod, DriftReport, Traffic
from store.records.event import Event, EventKind, Topic
from store.records.job import Job, JobKind, Priority, new_stages
from store.records.model import Model, ModelVersion

MAX_DAYS = 90
MIN_TEXTS, MAX_TEXTS = 100, 20_000
A_DAYS_TEXTS = 1_000
"""Read by the daily measurement."""
WORTH_IT = 20
"""Predictions on a day with fewer of them are not measured unasked."""
SETTLED = timedelta(minutes=10)
"""After midnight: the last predictions of the day before are filed by then."""
PAGE, LATEST_REPORTS = 100, 60


@dataclass(frozen=True, slots=True)
class Window:
    """What is read; the fields are those of a report."""

    since: datetime
    until: datetime
    texts: int
    asked_by: str | None


class Drift:
    """Who may see the version is for callers to check. Everything raises Unavailable."""

    def __init__(self, *, mongo: Collections, jobs: Jobs, events: Events) -> None:
        self._mongo = mongo
        self._jobs = jobs
        self._events = events
        self._live = Live(mongo)
        self._traffic = TrafficReader(mongo.predictions)
        self._swept: date | None = None

    async def start(
        self, owner_id: str, version_id: str, *, days: int, texts: int, asked_by: str | None,
        job_id: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that measures the days until now, today among them; its report has the same ULID.

        Asked again with its id, it goes on with what is there. Raises NotFound, InvalidValue,
        IllegalMove.
        """
        if not 1 <= days <= MAX_DAYS:
            raise InvalidValue(f"days is {days}; it must be 1 to {MAX_DAYS}", "days")
        if not MIN_TEXTS <= texts <= MAX_TEXTS:
            why = f"texts is {texts}; it must be {MIN_TEXTS} to {MAX_TEXTS:,}"
            raise InvalidValue(why, "texts")
        at = now()
        window = Window(midnight(at) - (days - 1) * DAY, at, texts, asked_by)
        version = await self._live.model_version(version_id)
        return await self._submit(owner_id, version, window, job_id or ids.new(ids.JOB))

    async def again(self, ended: Job, job_id: str) -> Job:
        """The same window once more. Raises as `start`."""
        known = await self._mongo.drift_reports.get(report_of(ended.id))
        version = await self._live.model_version(known.model_version_id)
        return await self._submit(
            ended.owner_id, version, Window(known.since, known.until, known.texts, known.asked_by),
            job_id, ended.priority, retry_of=ended.id,
        )  # fmt: skip

    async def days(
        self, version_id: str, seen: dict[str, Any], since: datetime
    ) -> list[DriftPeriod]:
        """What the latest report tells of each day; `seen` is the filter of reports."""
        where = {"model_version_id": version_id, "measured_at": {"$ne": None}} | seen
        reports = await self._mongo.drift_reports.newest(where, "measured_at", LATEST_REPORTS)
        found: dict[datetime, DriftPeriod] = {}
        for report in reports:
            for day in report.findings.days if report.findings else ():
                if day.begins >= since:
                    found.setdefault(day.begins, day)
        return [found[begins] for begins in sorted(found)]

    # -- workers ----------------------------------------------------------------------------------

    async def of(self, job: Job) -> DriftReport:
        """What a DRIFT is to measure. Raises NotFound."""
        return await self._mongo.drift_reports.get(report_of(job.id))

    async def traffic(self, report: DriftReport) -> list[Traffic]:
        """Every day's predictions, or a sample; the days share `report.texts` alike."""
        return await self._traffic.read(report)

    async def measured(self, job: Job, findings: DriftFindings) -> DriftReport:
        """A second attempt's is dropped; what drifted is told once. Raises NotFound."""
        at = now()
        report = await self._mongo.drift_reports.amend(
            report_of(job.id), lambda kept: kept.measured(findings, at)
        )
        await self.tell(report)
        return report

    async def tell(self, report: DriftReport) -> None:
        """Say it in the feed of the model if a day drifted; saying it again does no harm."""
        drifted = report.findings.drifted if report.findings else ()
        if drifted and report.measured_at is not None:
            await self._events.append_if_missing(_event(report, drifted))

    async def sweep(self) -> int:
        """Once a day: begin to measure the day before of every published model that was asked.

        Any number of workers may sweep at once, and again: the day's job has its id from the
        version and the day. Returns how many were begun or known here.
        """
        yesterday = midnight(now() - SETTLED) - DAY
        if self._swept == yesterday.date():
            return 0
        begun = [await self._measure(model, yesterday) async for model in self._published()]
        self._swept = yesterday.date()
        return sum(begun)

    # -- how --------------------------------------------------------------------------------------

    async def _submit(
        self, owner_id: str, version: ModelVersion, window: Window, job_id: str,
        priority: Priority = Priority.NORMAL, *, retry_of: str | None = None,
    ) -> Job:  # fmt: skip
        if not version.dataset_id:
            raise IllegalMove("a bundle from elsewhere has no rows here to compare with")
        job = Job(
            id=job_id, kind=JobKind.DRIFT, owner_id=owner_id, dataset_id=version.dataset_id,
            dataset_version_id=version.dataset_version_id, created_at=now(),
            stages=new_stages(JobKind.DRIFT), spec=version.spec, model_id=version.model_id,
            model_version_id=version.id, priority=priority, retry_of=retry_of,
        )  # fmt: skip
        report = DriftReport(
            id=report_of(job.id), owner_id=owner_id, job_id=job.id, model_id=version.model_id,
            model_version_id=version.id, dataset_id=version.dataset_id, created_at=job.created_at,
            since=window.since, until=window.until, texts=window.texts, asked_by=window.asked_by,
        )  # fmt: skip
        await self._mongo.drift_reports.insert_many_ignoring_known([report])
        return await self._jobs.submit(job)

    async def _published(self) -> AsyncIterator[Model]:
        where = {"published_version_id": {"$ne": None}} | IN_USE
        after: str | None = None
        while True:
            page = await self._mongo.models.page(where, first=PAGE, after_id=after)
            for model in page.items:
                yield model
            if not page.has_next:
                return
            after = page.items[-1].id

    async def _measure(self, model: Model, day: datetime) -> bool:
        """Begin, with its owner's rights, unless hardly anybody asked."""
        version = await self._mongo.model_versions.find(model.published_version_id or "")
        owner = await self._mongo.users.find(model.owner_id)
        if version is None or owner is None or not version.dataset_id:
            return False
        asked_by = None if owner.role is Role.ADMIN else owner.id
        if not await self._traffic.reaches(WORTH_IT, version.id, day, asked_by):
            return False
        if not await self._live.datasets([version.dataset_id]):
            return False
        window = Window(day, day + DAY, A_DAYS_TEXTS, asked_by)
        job_id = ids.derived(ids.JOB, day, version.id)
        await self._submit(owner.id, version, window, job_id, Priority.LOW)
        return True


def report_of(job_id: str) -> str:
    """The id of a job's report."""
    return ids.sibling(ids.DRIFT, job_id)


def _event(report: DriftReport, drifted: tuple[DriftPeriod, ...]) -> Event:
    """Without a word of any text: the model's owner may not be the one who asked."""
    latest = drifted[-1]
    signs = ", ".join(figure.sign.lower() for figure in latest.figures if figure.drifted)
    more = f", and {len(drifted) - 1} days before it" if len(drifted) > 1 else ""
    return Event(
        topic=Topic.MODEL, kind=EventKind.MODEL_DRIFTED, subject_id=report.model_id,
        owner_id=report.owner_id, at=report.measured_at or report.created_at,
        message=f"{latest.begins:%Y-%m-%d} drifted ({signs}){more}",
        related={"model": report.model_id, "model_version": report.model_version_id},
    )  # fmt: skip
