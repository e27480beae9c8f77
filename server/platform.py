"""What every server can tell of the whole platform, looked up when Prometheus asks."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Gauge

from store.records.platform import BackupNote
from store.records.queue import QueueMode
from store.records.worker import WorkerKind
from store.system.system import SystemState

QUEUE_DEPTH = Gauge("shoal_queue_depth", "What waits: jobs, or texts to be answered.", ["queue"])
QUEUE_OLDEST = Gauge("shoal_queue_oldest_seconds", "How long the first has waited.", ["queue"])
QUEUE_RUNNING = Gauge("shoal_queue_running", "Jobs that workers are at.", ["queue"])
QUEUE_OPEN = Gauge("shoal_queue_open", "1 where the next is taken; 0 when paused.", ["queue"])
WORKERS = Gauge("shoal_workers", "Workers that were heard of lately.", ["kind"])
SERVICE_UP = Gauge("shoal_service_up", "Whether a service answers in time.", ["service"])
SERVICE_SECONDS = Gauge("shoal_service_seconds", "How long its last answer took.", ["service"])
STORAGE_BYTES = Gauge("shoal_storage_bytes", "Objects in the store, by kind.", ["kind"])
LAST_BACKUP = Gauge(
    "shoal_last_backup_timestamp_seconds", "When the last backup was cut; 0 where none was taken."
)


def show(state: SystemState) -> None:
    """Set every gauge; what a service that is down cannot tell is not told."""
    for gauge in (QUEUE_DEPTH, QUEUE_OLDEST, QUEUE_RUNNING, QUEUE_OPEN, STORAGE_BYTES):
        gauge.clear()
    for queue in state.queues:
        QUEUE_DEPTH.labels(queue.name).set(queue.depth)
        QUEUE_OLDEST.labels(queue.name).set(_age_s(queue.oldest, state.at))
        QUEUE_OPEN.labels(queue.name).set(queue.mode is QueueMode.OPEN)
        if queue.running is not None:
            QUEUE_RUNNING.labels(queue.name).set(queue.running)
    for worker_kind in WorkerKind:
        known = sum(worker.kind is worker_kind for worker in state.workers)
        WORKERS.labels(worker_kind).set(known)
    for name, health in state.services.items():
        SERVICE_UP.labels(name).set(health.ok)
        SERVICE_SECONDS.labels(name).set(health.latency_ms / 1000)
    for kind, usage in state.storage.kinds.items() if state.storage else ():
        STORAGE_BYTES.labels(kind).set(usage.bytes)


def show_backup(note: BackupNote | None) -> None:
    """Set when the last backup was."""
    LAST_BACKUP.set(note.at.timestamp() if note else 0)


def _age_s(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0
