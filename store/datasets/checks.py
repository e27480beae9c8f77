"""Checks of a version's rows: asked for, kept, decided about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from store import ids
from store.clock import now
from store.datasets.datasets import Datasets, Made
from store.datasets.edits import MAX_EDITS
from store.errors import IllegalMove, InvalidValue, NotTrainable
from store.jobs import Jobs
from store.live import Live
from store.mongo import Collections
from store.mongo.collection import Filter
from store.records.dataset import DataKind, DatasetVersion, VersionStatus
from store.records.edit import RowEdit
from store.records.job import Job, JobKind, JobStatus, new_stages
from store.records.quality import CheckSpec, Finding, FindingKind, FindingStatus, Quality
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.training.trainable import EMBEDDERS

AT_ONCE = 200
MIN_COSINE = 0.5
UNDER_WAY = [JobStatus.QUEUED.value, JobStatus.RUNNING.value, JobStatus.CANCELLING.value]
MAX_FIXED = 1_000
OPEN = {"status": FindingStatus.OPEN.value}


class Checks:
    """Who may see a version or a finding is for callers to check."""

    def __init__(self, *, mongo: Collections, jobs: Jobs, datasets: Datasets) -> None:
        self._mongo = mongo
        self._jobs = jobs
        self._datasets = datasets
        self._live = Live(mongo)

    # -- whoever asks -----------------------------------------------------------------------------

    async def start(
        self, version_id: str, spec: CheckSpec, embedder: EmbedderSpec | None = None, *,
        seed: int = 0, job_id: str | None = None, retry_of: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that looks for what is wrong with the version's rows.

        Without an embedder it takes that of the data set's last training, whose vectors are there.
        Raises NotFound, NotTrainable, InvalidValue, and IllegalMove while another check runs.
        """
        version = await self._live.dataset_version(version_id)
        _check(version, spec)
        embedder = embedder or await self._embedder(version)
        if embedder.kind not in EMBEDDERS[version.kind]:
            fitting = " or ".join(EMBEDDERS[version.kind])
            raise NotTrainable(f"{version.kind} needs the embedder {fitting}, not {embedder.kind}")
        job = Job(
            id=job_id or ids.new(ids.JOB), kind=JobKind.CHECK, owner_id=version.owner_id,
            dataset_id=version.dataset_id, dataset_version_id=version.id, created_at=now(),
            stages=new_stages(JobKind.CHECK), spec=TrainingSpec(embedder=embedder, seed=seed),
            check=spec, retry_of=retry_of,
        )  # fmt: skip
        await self._refuse_second(job)
        return await self._jobs.submit(job)

    async def again(self, ended: Job, job_id: str) -> Job:
        """The same check once more."""
        return await self.start(
            ended.dataset_version_id, ended.check or CheckSpec(), ended.spec.embedder,
            seed=ended.spec.seed, job_id=job_id, retry_of=ended.id,
        )  # fmt: skip

    async def fix(
        self, version: DatasetVersion, *, finding_ids: Sequence[str] | None = None,
        kind: FindingKind | None = None, first: int = 100, note: str = "",
        version_id: str | None = None,
    ) -> Made:  # fmt: skip
        """The next version, in which the open findings of the version's check are mended.

        Rows keep their numbers, so the findings of an earlier version can be mended as well, in the
        newest that is ready; rows that are gone by then are passed over. Raises InvalidValue where
        there is nothing to mend, and as `Datasets.edit`.
        """
        if begun := await self._mongo.dataset_versions.find(version_id or ""):
            base_id, by = begun.base_id or "", version.owner_id
            return await self._datasets.edit(base_id, by, version_id=begun.id)
        findings = await self._open(version, finding_ids, kind, first)
        edits = _merged(findings)
        base = await self._datasets.newest_ready(version.dataset_id)
        made = await self._datasets.edit(
            base.id, version.owner_id, edits=edits, note=note or _note(findings),
            is_lenient=True, version_id=version_id,
        )  # fmt: skip
        these = {"_id": {"$in": [finding.id for finding in findings]}}
        await self._mongo.findings.move(these, FindingStatus.FIXED, made.version.id)
        return made

    async def edits(
        self, version: DatasetVersion, finding_ids: Sequence[str] | None,
        kind: FindingKind | None, first: int,
    ) -> list[RowEdit]:  # fmt: skip
        """What `fix` would do to which rows. Raises as it does."""
        return _merged(await self._open(version, finding_ids, kind, first))

    async def dismiss(self, findings: Sequence[Finding]) -> None:
        """They are no faults, nor will be when a later check finds them again."""
        for finding in findings:
            await self._mongo.findings.amend(finding.id, Finding.dismissed)

    async def reopen(self, findings: Sequence[Finding]) -> None:
        """Undo a dismissal. Raises IllegalMove for a finding that is fixed."""
        for finding in findings:
            if finding.status is FindingStatus.FIXED:
                raise IllegalMove(f"{finding.id} is fixed in {finding.fixed_in}")
            await self._mongo.findings.amend(finding.id, Finding.reopened)

    # -- workers ----------------------------------------------------------------------------------

    async def keep(self, job: Job, findings: Sequence[Finding]) -> None:
        """Unseen yet; those of the job's earlier attempts go. What was dismissed stays so."""
        while await self._mongo.findings.delete_some({"job_id": job.id}, AT_ONCE):
            pass
        where = {"dataset_id": job.dataset_id, "status": FindingStatus.DISMISSED.value}
        dismissed = set(await self._mongo.findings.distinct("mark", where))
        for some in _batches(findings):
            known = [
                replace(each, status=FindingStatus.DISMISSED) if each.mark in dismissed else each
                for each in some
            ]
            await self._mongo.findings.insert_many_ignoring_known(known)
            await self._jobs.is_cancelling(job)  # a zombie stops here

    async def show(self, job: Job, quality: Quality) -> None:
        """From now on these are the version's findings, and those of ended checks are gone."""
        version_id = job.dataset_version_id
        await self._mongo.dataset_versions.amend(version_id, lambda known: known.checked(quality))
        its = {"dataset_version_id": version_id}
        jobs = await self._mongo.jobs.get_many(await self._mongo.findings.distinct("job_id", its))
        ended = [each.id for each in jobs.values() if each.status.is_terminal]
        while ended and await self._mongo.findings.delete_some(
            its | {"job_id": {"$in": ended}}, AT_ONCE
        ):
            pass

    # -- how --------------------------------------------------------------------------------------

    async def _refuse_second(self, job: Job) -> None:
        others = {
            "dataset_version_id": job.dataset_version_id, "kind": JobKind.CHECK.value,
            "status": {"$in": UNDER_WAY}, "_id": {"$ne": job.id},
        }  # fmt: skip
        if running := await self._mongo.jobs.all_by(others, 1):
            raise IllegalMove(f"job {running[0].id} checks this version already")

    async def _embedder(self, version: DatasetVersion) -> EmbedderSpec:
        trained = {
            "dataset_id": version.dataset_id, "kind": JobKind.TRAIN.value,
            "status": JobStatus.SUCCEEDED.value,
        }  # fmt: skip
        if last := (await self._mongo.jobs.page(trained, first=1)).items:
            return last[0].spec.embedder
        is_text = version.kind is DataKind.TEXT
        return EmbedderSpec() if is_text else EmbedderSpec(EmbedderKind.KMER)

    async def _open(
        self, version: DatasetVersion, finding_ids: Sequence[str] | None,
        kind: FindingKind | None, first: int,
    ) -> list[Finding]:  # fmt: skip
        if version.quality is None:
            raise IllegalMove(f"version {version.number} was not checked yet")
        where: Filter = {"job_id": version.quality.job_id, **OPEN}
        if finding_ids is not None:
            where = {**where, "_id": {"$in": list(finding_ids)}}
        elif kind is not None:
            where = {**where, "kind": kind.value}
        if not 1 <= first <= MAX_FIXED:
            raise InvalidValue(f"first must be between 1 and {MAX_FIXED:,}", "first")
        limit = first if finding_ids is None else MAX_FIXED
        return await self._mongo.findings.all_by({**where, "edits": {"$ne": []}}, limit)


def _check(version: DatasetVersion, spec: CheckSpec) -> None:
    if version.status is not VersionStatus.READY:
        raise NotTrainable(f"version {version.number} is {version.status}, not READY")
    if not spec.kinds:
        raise InvalidValue("name at least one kind", "kinds")
    if spec.near_cosine is not None and not MIN_COSINE <= spec.near_cosine <= 1:
        raise InvalidValue(f"nearCosine must be {MIN_COSINE} to 1", "nearCosine")


def _merged(findings: Sequence[Finding]) -> list[RowEdit]:
    """One edit a row: what is to be dropped need not be relabelled, and the worse finding is heard.

    Raises InvalidValue where there is none, or too many.
    """
    by_row: dict[int, RowEdit] = {}
    for edit in (edit for finding in findings for edit in finding.edits):
        known = by_row.setdefault(edit.row, edit)
        if edit.drop and not known.drop:
            by_row[edit.row] = edit
    if not by_row:
        raise InvalidValue("no open finding among these says how to mend it", "ids")
    if len(by_row) > MAX_EDITS:
        raise InvalidValue(
            f"these findings edit {len(by_row):,} rows, which is more than {MAX_EDITS:,}; "
            "mend fewer at once",
            "first",
        )
    return [by_row[row] for row in sorted(by_row)]


def _note(findings: Sequence[Finding]) -> str:
    kinds = sorted({finding.kind.lower().replace("_", " ") for finding in findings})
    return f"{len(findings):,} findings mended: {', '.join(kinds)}"


def _batches(findings: Sequence[Finding]) -> Iterator[Sequence[Finding]]:
    for start in range(0, len(findings), AT_ONCE):
        yield findings[start : start + AT_ONCE]
