"""What the store counts, in whichever process it happens, and where one that is no server tells."""

from __future__ import annotations

import structlog
from prometheus_client import Counter, Histogram, start_http_server

from store.records.job import Job
from store.settings import Settings

LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
CALL_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

JOB_MOVES = Counter(
    "shoal_job_moves",
    "Moves of jobs to a state; to QUEUED they go back.",
    ["kind", "state"],
)
JOB_FAILURES = Counter(
    "shoal_job_failures",
    "Attempts that failed, whether another follows or not: LOST is a worker that is gone.",
    ["kind", "code"],
)
LATE_WRITES_REFUSED = Counter(
    "shoal_late_writes_refused", "Writes of attempts that had lost their job.", ["kind"]
)
FEED_LAG = Histogram(
    "shoal_feed_lag_seconds",
    "From an event's append to its delivery within a process that follows.",
    buckets=LAG_BUCKETS,
)
ANSWERS = Counter("shoal_answers", "Texts answered, from the cache or by a worker.", ["source"])
CALL_SECONDS = Histogram(
    "shoal_call_seconds", "From a question to its answer by a worker.", buckets=CALL_BUCKETS
)
CALL_FAILURES = Counter("shoal_call_failures", "Questions that no worker answered.", ["code"])

log = structlog.get_logger()


def count_move(before: Job, after: Job) -> None:
    """Book a job's move to another state."""
    if after.status is before.status:
        return
    JOB_MOVES.labels(after.kind, after.status).inc()
    if after.failure is not None and after.failure != before.failure:
        JOB_FAILURES.labels(after.kind, after.failure.code).inc()


def serve_metrics(settings: Settings) -> None:
    """Answer Prometheus in a thread of its own; work goes on where the port is taken."""
    port, host = settings.metrics_port, settings.metrics_host
    if port is None:
        return
    try:
        start_http_server(port, host)
    except OSError as taken:
        log.warning("metrics are not served", host=host, port=port, reason=str(taken))
    else:
        log.info("metrics are served", host=host, port=port)
