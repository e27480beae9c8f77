"""Data sets, their immutable versions, and what ingest found in them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from store.errors import IllegalMove
from store.records.advice import Advice
from store.records.edit import Edits
from store.records.quality import Quality
from store.records.sequences import SequenceFilter, SequenceProfile
from store.records.trash import Trashable


class DataKind(StrEnum):
    TEXT = "TEXT"
    SEQUENCE = "SEQUENCE"


class DataFormat(StrEnum):
    CSV = "CSV"
    JSONL = "JSONL"
    PARQUET = "PARQUET"
    TEXT = "TEXT"
    FASTA = "FASTA"
    FASTQ = "FASTQ"


class UploadStatus(StrEnum):
    OPEN = "OPEN"
    COMPLETE = "COMPLETE"


class VersionStatus(StrEnum):
    UPLOADED = "UPLOADED"
    READY = "READY"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Upload:
    """A promise of bytes: made before they travel, complete once they are there and checked."""

    id: str
    owner_id: str
    filename: str
    size: int
    """Bytes."""
    sha256: str | None
    object_key: str
    part_size: int
    """Bytes of every part but the last."""
    created_at: datetime
    expires_at: datetime
    multipart_id: str | None = None
    status: UploadStatus = UploadStatus.OPEN
    revision: int = 0

    @property
    def part_count(self) -> int:
        """An empty file has one part, too."""
        return max(1, -(-self.size // self.part_size))

    def part_bytes(self, number: int) -> int:
        """Size of part `number`, from 1."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)

    def completed(self, sha256: str) -> Upload:
        return replace(self, status=UploadStatus.COMPLETE, sha256=sha256)

    def reopened(self, multipart_id: str | None) -> Upload:
        """To be sent again: what came was not what had been announced."""
        return replace(self, multipart_id=multipart_id)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the file mean what; None asks ingest to propose one."""

    text: str | None = None
    label: str | None = None
    split: str | None = None
    reasons: tuple[str, ...] = ()
    """Why ingest chose these, one sentence a choice; empty where the caller chose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in the file, told so that its owner can mend it."""

    code: str
    """Stable and machine-readable, such as `BAD_ENCODING`."""
    reason: str
    fix: str
    line: int | None = None
    """1-based line of the raw file where the row begins."""
    column: str | None = None
    value: str | None = None
    """At most 200 characters of the offending value."""
    row: int | None = None
    """Number of the row in its version, from 0, once it has one."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One Parquet file of normalised rows, columns `row text label split` and maybe `name`."""

    object_key: str
    rows: int
    bytes: int
    sha256: str
    first_row: int | None = None
    """Number of its first row; None in versions of the time when a row's number was its place."""
    last_row: int | None = None


@dataclass(frozen=True, slots=True)
class LabelCount:
    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters (or bases) a row."""

    min: int = 0
    median: int = 0
    p95: int = 0
    max: int = 0
    mean: float = 0.0


@dataclass(frozen=True, slots=True)
class LanguageShare:
    language: str
    """ISO 639-1."""
    share: float
    """Of the sampled rows whose language can be told, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Rejections:
    """How many rows were left out for one reason."""

    code: str
    """As in `Problem`."""
    rows: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a version holds, counted while it was read."""

    rows: int
    labelled_rows: int
    labels: tuple[LabelCount, ...]
    """Most frequent first; at most 1,000 of them, `label_count` says how many there are."""
    label_count: int
    lengths: Lengths
    duplicate_rows: int
    """Rows whose text was seen before, in any split."""
    conflicting_rows: int
    """Duplicates that carry another label than the first of their text."""
    empty_rows: int
    """Rows dropped for having no text."""
    split_rows: tuple[LabelCount, ...] = ()
    """Rows by given split (`train`, `test`, ...), where there is one."""
    leaked_rows: int = 0
    """Rows of one given split whose text is in another as well."""
    language: str | None = None
    """Guess, ISO 639-1; None for sequences and where it cannot be told."""
    language_share: float = 0.0
    """Share of the sampled rows that the guess holds for, 0 to 1."""
    languages: tuple[LanguageShare, ...] = ()
    """The most frequent first, at most 5."""
    sequences: SequenceProfile | None = None
    """None for texts."""
    rejections: tuple[Rejections, ...] = ()
    """Rows of the version's own file that were left out, the most frequent reason first."""
    warnings: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; what is None is told from the file."""

    format: DataFormat | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sequence_filter: SequenceFilter | None = None
    """Which sequences are taken; None takes all."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """How the raw file was read; until it is ready, how it is to be."""

    object_key: str
    filename: str
    bytes: int
    sha256: str
    format: DataFormat | None = None
    """None until ingest has sniffed it, unless the caller chose."""
    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    compressed: bool = False
    sequence_filter: SequenceFilter | None = None

    @property
    def reading(self) -> Reading:
        """How it was read, or is to be."""
        return Reading(self.format, self.encoding, self.delimiter, self.sequence_filter)

    def to_be_read(self, reading: Reading) -> SourceFile:
        """The same file, with nothing told of it but what was chosen."""
        return replace(
            self, format=reading.format, encoding=reading.encoding, delimiter=reading.delimiter,
            has_header=None, compressed=False, sequence_filter=reading.sequence_filter,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dataset(Trashable):
    id: str
    owner_id: str
    name: str
    description: str
    kind: DataKind
    created_at: datetime
    updated_at: datetime
    version_count: int = 0
    metadata: dict[str, str] = field(default_factory=dict)
    revision: int = 0

    def renamed(self, name: str | None, description: str | None, at: datetime) -> Dataset:
        """What is None stays."""
        return replace(
            self, name=self.name if name is None else name, updated_at=at,
            description=self.description if description is None else description,
        )  # fmt: skip

    def versioned(self, number: int, at: datetime) -> Dataset:
        """Version `number` was made; told twice, it changes nothing."""
        if number <= self.version_count:
            return self
        return replace(self, version_count=number, updated_at=at)


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """Immutable once READY or REJECTED, but for what a check says of it.

    Appended rows make the next one over `base_id`, and so do edits. A row keeps its number for
    ever: dropped rows leave gaps, and those that are appended get numbers above all before.
    """

    id: str
    dataset_id: str
    owner_id: str
    number: int
    kind: DataKind
    source: SourceFile
    columns: Columns
    created_at: datetime
    base_id: str | None = None
    """The version that this one appends to or edits; its shards come first."""
    status: VersionStatus = VersionStatus.UPLOADED
    job_id: str | None = None
    retry_of: str | None = None
    """The ended job that `job_id` does again."""
    shards: tuple[Shard, ...] = ()
    profile: Profile | None = None
    problems: tuple[Problem, ...] = ()
    """The first 100; `problem_count` says how many there are."""
    problem_count: int = 0
    rejected_rows: int = 0
    ended_at: datetime | None = None
    edits: Edits | None = None
    """For a version made by edits; None for one whose rows were read from a file."""
    row_numbers: int = 0
    """How many row numbers were ever given out, those of dropped rows among them."""
    quality: Quality | None = None
    """What the last check found."""
    revision: int = 0

    @property
    def rows(self) -> int:
        return sum(shard.rows for shard in self.shards)

    @property
    def next_row(self) -> int:
        """The number of the first row that is appended to it."""
        return max(self.row_numbers, self.rows)

    @property
    def numbered_shards(self) -> tuple[Shard, ...]:
        """Its shards, each of which says which numbers its rows lie between."""
        found, place = [], 0
        for shard in self.shards:
            is_told = shard.first_row is not None
            by_place = replace(shard, first_row=place, last_row=place + shard.rows - 1)
            found.append(shard if is_told else by_place)
            place += shard.rows
        return tuple(found)

    @property
    def is_labelled(self) -> bool:
        """Whether every row has a label."""
        return self.profile is not None and self.profile.labelled_rows == self.profile.rows

    def asked_again(self, ended: str, fresh: str) -> DatasetVersion:
        """Job `fresh` reads it in the place of one that ended without a result; told once more, the
        same. Whoever asks first is heard.
        """
        if self.job_id == fresh:
            return self
        self._still_uploaded("read by another job")
        if self.job_id != ended:
            raise IllegalMove(f"job {self.job_id} reads version {self.number} by now")
        return replace(self, job_id=fresh, retry_of=ended)

    def ready(
        self,
        at: datetime,
        *,
        source: SourceFile,
        columns: Columns,
        shards: tuple[Shard, ...],
        profile: Profile,
        problems: tuple[Problem, ...],
        problem_count: int,
        rejected_rows: int,
        row_numbers: int = 0,
        edits: Edits | None = None,
    ) -> DatasetVersion:
        self._still_uploaded("ready")
        return replace(
            self, status=VersionStatus.READY, ended_at=at, source=source, columns=columns,
            shards=shards, profile=profile, problems=problems, problem_count=problem_count,
            rejected_rows=rejected_rows, row_numbers=row_numbers, edits=edits,
        )  # fmt: skip

    def checked(self, quality: Quality) -> DatasetVersion:
        """A check of its rows is done; the one before is forgotten."""
        if self.status is not VersionStatus.READY:
            raise IllegalMove(f"version {self.number} is {self.status} and cannot be checked")
        return replace(self, quality=quality)

    def rejected(
        self, at: datetime, problems: tuple[Problem, ...], problem_count: int
    ) -> DatasetVersion:
        self._still_uploaded("rejected")
        return replace(
            self, status=VersionStatus.REJECTED, ended_at=at, problems=problems,
            problem_count=problem_count,
        )  # fmt: skip

    def _still_uploaded(self, move: str) -> None:
        if self.status is not VersionStatus.UPLOADED:
            raise IllegalMove(f"version {self.number} is {self.status} and cannot become {move}")
