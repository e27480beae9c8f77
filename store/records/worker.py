"""A worker process, as it says of itself every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WorkerKind(StrEnum):
    PIPELINE = "PIPELINE"
    INFERENCE = "INFERENCE"


@dataclass(frozen=True, slots=True)
class WorkAtHand:
    """One attempt that a pipeline worker is at."""

    job_id: str
    attempt: int
    stage: str | None = None
    """None before its first stage."""


@dataclass(frozen=True, slots=True)
class WorkerPresence:
    id: str
    """`host:pid`."""
    kind: WorkerKind
    host: str
    pid: int
    version: str
    started_at: datetime
    """By the worker's own clock."""
    heartbeat: datetime
    """When it was last heard of, by Redis's clock: all hosts are judged by the same one."""
    memory_bytes: int
    """What the process and its children hold now."""
    memory_total_bytes: int
    """What they may hold: the host's, or the container's limit."""
    cores: int
    slots: int
    """How much it does side by side: attempts, or chunks of calls."""
    jobs: tuple[WorkAtHand, ...] = ()
    models: tuple[str, ...] = ()
    """Model versions that an inference worker holds in memory."""
