"""Something that happened, with its place in the one order of all events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Topic(StrEnum):
    JOB = "JOB"
    DATASET = "DATASET"
    MODEL = "MODEL"
    PREDICTION = "PREDICTION"
    ACCOUNT = "ACCOUNT"
    WORKER = "WORKER"
    WEBHOOK = "WEBHOOK"


class EventKind(StrEnum):
    JOB_QUEUED = "JOB_QUEUED"
    JOB_STARTED = "JOB_STARTED"
    STAGE_STARTED = "STAGE_STARTED"
    STAGE_PROGRESSED = "STAGE_PROGRESSED"
    STAGE_DONE = "STAGE_DONE"
    JOB_RETRIED = "JOB_RETRIED"
    JOB_CANCELLING = "JOB_CANCELLING"
    JOB_SUCCEEDED = "JOB_SUCCEEDED"
    JOB_FAILED = "JOB_FAILED"
    JOB_CANCELLED = "JOB_CANCELLED"
    JOB_CHANGED = "JOB_CHANGED"
    LATE_WRITE_REFUSED = "LATE_WRITE_REFUSED"
    LOG_LINE = "LOG_LINE"
    DATASET_CREATED = "DATASET_CREATED"
    DATASET_CHANGED = "DATASET_CHANGED"
    DATASET_TRASHED = "DATASET_TRASHED"
    DATASET_RESTORED = "DATASET_RESTORED"
    DATASET_PURGED = "DATASET_PURGED"
    VERSION_CREATED = "VERSION_CREATED"
    VERSION_READY = "VERSION_READY"
    VERSION_REJECTED = "VERSION_REJECTED"
    MODEL_CREATED = "MODEL_CREATED"
    MODEL_CHANGED = "MODEL_CHANGED"
    MODEL_TRASHED = "MODEL_TRASHED"
    MODEL_RESTORED = "MODEL_RESTORED"
    MODEL_PURGED = "MODEL_PURGED"
    MODEL_VERSION_CREATED = "MODEL_VERSION_CREATED"
    MODEL_PUBLISHED = "MODEL_PUBLISHED"
    MODEL_ROLLED_BACK = "MODEL_ROLLED_BACK"
    MODEL_WITHDRAWN = "MODEL_WITHDRAWN"
    PREDICTION_MADE = "PREDICTION_MADE"
    PREDICTIONS_MADE = "PREDICTIONS_MADE"
    PREDICTION_CORRECTED = "PREDICTION_CORRECTED"
    USER_JOINED = "USER_JOINED"
    USER_CHANGED = "USER_CHANGED"
    WORKER_STARTED = "WORKER_STARTED"
    WORKER_STOPPED = "WORKER_STOPPED"
    MODEL_SERVED = "MODEL_SERVED"
    MODEL_DRIFTED = "MODEL_DRIFTED"
    QUEUE_PAUSED = "QUEUE_PAUSED"
    QUEUE_RESUMED = "QUEUE_RESUMED"
    WEBHOOK_SWITCHED_OFF = "WEBHOOK_SWITCHED_OFF"


class LogLevel(StrEnum):
    """How much a line of a job's log matters; they compare by `rank`."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"

    @property
    def rank(self) -> int:
        return tuple(LogLevel).index(self)


@dataclass(frozen=True, slots=True)
class Event:
    """`cursor` is empty until the event is appended; the store gives it."""

    topic: Topic
    kind: EventKind
    subject_id: str
    """The record that it is about: a job, a data set, a model, a user."""
    owner_id: str
    """Whose record that is: they may see it, and admins may."""
    at: datetime
    message: str = ""
    """One sentence for people."""
    stage: str | None = None
    done: int | None = None
    total: int | None = None
    attempt: int | None = None
    related: dict[str, str] = field(default_factory=dict)
    """Other ids by role, such as `model_version`; of a LOG_LINE its figures by name."""
    level: LogLevel | None = None
    """Of a LOG_LINE."""
    cursor: str = ""
