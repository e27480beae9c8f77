"""What earlier trainings of a data set left that one more can take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from store.records.dataset import DatasetVersion
from store.records.job import Job
from store.records.stage import StageStatus
from store.records.training import READS, EmbedderKind, TrainingSpec, reads

FITTED = (EmbedderKind.TFIDF,)
"""Embedders whose vectors depend on all rows, so that none of them is known before."""


@dataclass(frozen=True)
class Forerunners:
    """The jobs before, seen from a training of `version` with `spec`; `versions` by id."""

    version: DatasetVersion
    spec: TrainingSpec
    jobs: Sequence[Job]
    versions: Mapping[str, DatasetVersion]

    @cached_property
    def kept(self) -> list[str]:
        """Stages whose files are there."""
        return [name for name in READS if any(self._has_left(job, name) for job in self.jobs)]

    @property
    def rows(self) -> int:
        """To train on."""
        return min(self.version.rows, self.spec.max_rows or self.version.rows)

    @property
    def rows_cached(self) -> int:
        """How many of them were embedded before: versions only grow."""
        if "embed" in self.kept:
            return self.rows
        if self.spec.embedder.kind in FITTED:
            return 0
        return min(self.rows, max((self._embedded_by(job) for job in self.jobs), default=0))

    def _has_left(self, job: Job, stage: str) -> bool:
        parts = reads(stage, is_labelled=self.version.is_labelled)
        return (
            job.dataset_version_id == self.version.id
            and job.stage(stage).status is StageStatus.DONE
            and all(getattr(job.spec, part) == getattr(self.spec, part) for part in parts)
        )

    def _embedded_by(self, job: Job) -> int:
        stage = job.stage("embed")
        version = self.versions.get(job.dataset_version_id)
        is_same = job.spec.embedder == self.spec.embedder and stage.status is StageStatus.DONE
        if version is None or not is_same:
            return 0
        return min(stage.done, self.version.rows)
