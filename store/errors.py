"""Every failure that the store names.

StoreError
├── NotFound              no such record, or none that the caller may see
├── Conflict              the record changed since it was read
├── AlreadyExists         a unique value is taken
├── IdempotencyMismatch   the key was used before for another request
├── InvalidValue          a value breaks a rule, such as a password that is too short
├── Denied                wrong credentials, or a token that is over
│   └── Throttled         too many tries; says when to try again
├── RateLimited           the caller's points are used up; says when there are enough again
├── TooExpensive          more points than the caller can ever have
├── QuotaExceeded         all that a user may have, or do in a day; says of what, and how much
├── IllegalMove           the record's state does not allow the move
│   └── StaleAttempt      the write comes from an attempt that lost its lease
├── BadUpload             the bytes are not those that were announced
├── GoldenFailed          a version answers golden questions otherwise than it has to
├── NotTrainable          the version or the spec cannot give a model, and why
├── BadSettings           a setting is missing, or has a value that it cannot have
├── NotMigrated           the records are those of an older version; says what to run
├── NewerData             the records are those of a newer version
├── RestoreUnfinished     a backup is being restored, or was half restored
├── WrongVolume           the volume here is not the one that the platform's files are in
├── NotFreed              a purge left something behind
├── Refused               an inference worker would not answer; the code is the worker's
└── Unavailable           a service did not answer in time; worth a retry
    ├── StorageRefused    the object store refuses how it is asked; the code and message say which
    │                     setting to change
    ├── DiskFull          there is no room for more bytes
    ├── Overloaded        the queue of calls is full
    └── NoAnswer          the call was queued and nobody answered it in time
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from store.records.golden import GoldenResult
    from store.records.points import Left
    from store.records.quota import QuotaKind

OPERATOR_S = 60.0
"""What callers are asked to wait for where people have to act first."""


class StoreError(Exception):
    """The root: `code` is stable and machine-readable, the message is for people."""

    code = "STORE_ERROR"
    retryable = False


class NotFound(StoreError):
    code = "NOT_FOUND"


class Conflict(StoreError):
    """`current` is the record as it is now, where it is known."""

    code = "CONFLICT"

    def __init__(
        self, message: str, current_revision: int | None = None, current: object = None
    ) -> None:
        super().__init__(message)
        self.current_revision = current_revision
        self.current = current

    def about(self, current: object) -> Conflict:
        """The same, shown by what callers know the record as."""
        return Conflict(str(self), self.current_revision, current)


class AlreadyExists(StoreError):
    code = "ALREADY_EXISTS"


class IdempotencyMismatch(StoreError):
    code = "IDEMPOTENCY_MISMATCH"


class InvalidValue(StoreError):
    """`path` names the input field that the message is about."""

    code = "BAD_USER_INPUT"

    def __init__(self, message: str, *field: str) -> None:
        super().__init__(message)
        self.path = ["input", *field]


class Denied(StoreError):
    code = "DENIED"


class Throttled(Denied):
    code = "THROTTLED"
    retryable = True

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(StoreError):
    code = "RATE_LIMITED"
    retryable = True

    def __init__(self, message: str, retry_after_s: float, left: Left) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.left = left


class TooExpensive(StoreError):
    code = "TOO_EXPENSIVE"


class QuotaExceeded(StoreError):
    """`resets_at` is None for what only deleting or waiting for jobs frees."""

    code = "QUOTA_EXCEEDED"

    def __init__(self, kind: QuotaKind, limit: int, used: int, resets_at: datetime | None) -> None:
        when = f" until {resets_at:%Y-%m-%d %H:%M} UTC" if resets_at else ""
        super().__init__(f"{used:,} of {limit:,} {kind.words} are used{when}")
        self.kind = kind
        self.limit = limit
        self.used = used
        self.resets_at = resets_at


class IllegalMove(StoreError):
    code = "ILLEGAL_MOVE"


class StaleAttempt(IllegalMove):
    code = "STALE_ATTEMPT"


class BadUpload(StoreError):
    code = "BAD_UPLOAD"


class BadCursor(StoreError):
    code = "BAD_USER_INPUT"


class NotTrainable(StoreError):
    code = "NOT_TRAINABLE"


class BadSettings(StoreError):
    code = "BAD_SETTINGS"


class NotMigrated(StoreError):
    code = "NOT_MIGRATED"


class NewerData(StoreError):
    code = "NEWER_DATA"


class RestoreUnfinished(StoreError):
    code = "RESTORE_UNFINISHED"


class WrongVolume(StoreError):
    code = "WRONG_VOLUME"


class NotFreed(StoreError):
    code = "NOT_FREED"


class Refused(StoreError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class GoldenFailed(StoreError):
    """A version may not be published, for what it says to these golden questions."""

    code = "GOLDEN_FAILED"

    def __init__(self, failed: tuple[GoldenResult, ...]) -> None:
        first = failed[0]
        said = "does not answer" if first.abstained else f"answers {first.label!r}"
        super().__init__(
            f"{len(failed)} golden questions that block are not answered as they have to be: to "
            f"{first.question.text[:100]!r} it {said}, not {first.question.label!r}"
        )
        self.failed = failed


class Unavailable(StoreError):
    """A service is down or slow; `service` is `mongodb`, `redis`, `objects` or `inference`."""

    code = "UNAVAILABLE"
    retryable = True

    def __init__(self, service: str, detail: str, retry_after_s: float = 1.0) -> None:
        super().__init__(f"{service} is unavailable: {detail}")
        self.service = service
        self.retry_after_s = retry_after_s


class StorageRefused(Unavailable):
    """Waiting does not help: an operator has to change a setting, which the message names."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__("objects", message, retry_after_s=OPERATOR_S)
        self.code = code


class DiskFull(Unavailable):
    """Room has to be made, in the folder or the bucket that the message names."""

    code = "DISK_FULL"

    def __init__(self, message: str) -> None:
        super().__init__("objects", message, retry_after_s=OPERATOR_S)


class Overloaded(Unavailable):
    code = "OVERLOADED"


class NoAnswer(Unavailable):
    code = "NO_ANSWER"
