"""What a worker asks its child, where the answering module imports the heavy libraries.

The worker's own process imports this file instead of that one, and stays small.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.records.bulk import BulkSpec
from store.records.dataset import DataKind


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Folders of the two bundles and of the shards, and the file of queries, JSON."""

    before: Path
    after: Path
    input: Path
    queries: Path


@dataclass(frozen=True, slots=True)
class DriftRequest:
    """Folders of the bundle and of its data set's shards, and the file of the traffic, JSON."""

    bundle: Path
    input: Path
    traffic: Path
    since: datetime
    kind: DataKind
    seed: int


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part of a bulk prediction."""

    bundle: Path
    """The folder of the model version's bundle."""
    asked: Path
    out: Path
    """Where the answered part is written."""
    spec: BulkSpec
    names: Path
    """What the version's clusters are called, as `write_names` leaves it."""
