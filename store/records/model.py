"""Model families and their immutable, numbered versions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from store.errors import IllegalMove
from store.records.dataset import DataKind
from store.records.report import Report
from store.records.training import TrainingSpec
from store.records.trash import Trashable


@dataclass(frozen=True, slots=True)
class BundleFile:
    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """What one training made. It never changes."""

    id: str
    model_id: str
    owner_id: str
    number: int
    job_id: str
    dataset_id: str
    dataset_version_id: str
    kind: DataKind
    spec: TrainingSpec
    labels: tuple[str, ...]
    report: Report
    manifest_sha256: str
    files: tuple[BundleFile, ...]
    created_at: datetime
    revision: int = 0

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Publication:
    """One move of the alias `published`."""

    version_id: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Model(Trashable):
    """A family: a name that callers use, and the version that answers under it."""

    id: str
    owner_id: str
    name: str
    """Unique; lower-case words joined by hyphens."""
    description: str
    created_at: datetime
    version_count: int = 0
    published_version_id: str | None = None
    publications: tuple[Publication, ...] = ()
    """Oldest first; the last one is in force unless the model was withdrawn."""
    revision: int = 0

    def described(self, description: str) -> Model:
        return replace(self, description=description)

    def versioned(self, number: int) -> Model:
        """Version `number` was made; told twice, it changes nothing."""
        return replace(self, version_count=max(self.version_count, number))

    def published(self, version_id: str, by: str, at: datetime) -> Model:
        if self.is_trashed:
            raise IllegalMove("the model is in the trash")
        if self.published_version_id == version_id:
            raise IllegalMove("this version is published already")
        return replace(
            self, published_version_id=version_id,
            publications=(*self.publications, Publication(version_id, at, by)),
        )  # fmt: skip

    def rolled_back(self, by: str, at: datetime) -> Model:
        """Back to the version that was published before the one in force."""
        earlier = [p for p in self.publications if p.version_id != self.published_version_id]
        if self.published_version_id is None or not earlier:
            raise IllegalMove("there is no earlier published version to go back to")
        return self.published(earlier[-1].version_id, by, at)

    def withdrawn(self) -> Model:
        if self.published_version_id is None:
            raise IllegalMove("no version of this model is published")
        return replace(self, published_version_id=None)

    def trashed(self, by: str, at: datetime) -> Model:
        if self.published_version_id is not None:
            raise IllegalMove("a version of it is published; withdraw it first")
        return Trashable.trashed(self, by, at)
