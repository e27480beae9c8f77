"""A search index of a data set's version, by one embedder.

    BUILDING ──ready──> READY
     └──^ asked_again: by another job, where one ended without a result

What is built never changes, as its version does not. Each attempt at it has a prefix of its own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.codec import to_plain
from store.errors import IllegalMove
from store.records.training import EmbedderSpec


class IndexStatus(StrEnum):
    BUILDING = "BUILDING"
    READY = "READY"


@dataclass(frozen=True, slots=True)
class Built:
    """What an attempt has built, and where it put it."""

    prefix: str
    """Of its objects."""
    bytes: int
    rows: int
    dimensions: int
    words: int
    """Distinct ones that can be searched for; none in sequences."""
    approximate: bool
    recall: float
    """Share of the ten nearest rows that a search finds: 1 unless it is approximate."""
    embedder_key: str | None
    """None where the embedder was fitted to these rows, and lies with the index."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    id: str
    """Of the version and the embedder, so that however many ask, there is one."""
    dataset_id: str
    dataset_version_id: str
    owner_id: str
    embedder: EmbedderSpec
    job_id: str
    """The job that builds it, or has built it."""
    created_at: datetime
    status: IndexStatus = IndexStatus.BUILDING
    built: Built | None = None
    built_at: datetime | None = None
    revision: int = 0

    def asked_again(self, ended: str, fresh: str) -> SearchIndex:
        """Job `fresh` builds it, where `ended` did not; whoever asks first is heard."""
        if self.status is IndexStatus.READY or self.job_id != ended:
            return self
        return replace(self, job_id=fresh)

    def ready(self, job_id: str, built: Built, at: datetime) -> SearchIndex:
        """Told twice by one job, it changes nothing."""
        if self.job_id != job_id:
            raise IllegalMove(f"job {self.job_id} builds index {self.id} by now")
        if self.status is IndexStatus.READY:
            return self
        return replace(self, status=IndexStatus.READY, built=built, built_at=at)


def index_id(version_id: str, embedder: EmbedderSpec) -> str:
    """The id of the version's index by this embedder."""
    plain = json.dumps(to_plain(embedder), sort_keys=True)
    return f"{version_id}-{hashlib.sha256(plain.encode()).hexdigest()[:12]}"
