"""What each kind of job does: read the record, run the pipeline, write the record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from store.records.job import JobKind
from workers.attempts.attempt import Attempt
from workers.tasks.check import check
from workers.tasks.compare import compare
from workers.tasks.drift import drift
from workers.tasks.index import index
from workers.tasks.ingest import ingest
from workers.tasks.predict import predict
from workers.tasks.purge import purge
from workers.tasks.refit import refit
from workers.tasks.train import train

TASKS: dict[JobKind, Callable[[Attempt], Awaitable[None]]] = {
    JobKind.INGEST: ingest,
    JobKind.TRAIN: train,
    JobKind.PURGE: purge,
    JobKind.COMPARE: compare,
    JobKind.DRIFT: drift,
    JobKind.INDEX: index,
    JobKind.PREDICT: predict,
    JobKind.CHECK: check,
    JobKind.REFIT: refit,
}
