"""Every way in which a call can fail.

ShoalError
├── Refused                the mutation did not happen; `path` names the input field
│   ├── NotFound, Invalid, AlreadyExists, Conflict, IllegalState, IdempotencyMismatch,
│   └── BadUpload, Denied, GoldenFailed, Throttled, QuotaExceeded
├── Fault                  the request was not answered as asked
│   ├── Unauthenticated    sign in, or send an API key that is still good
│   ├── Forbidden          the key lacks a scope
│   └── TryLater           too much at once, or a service is away; tried again already
├── JobFailed              the job ended, and not well; `job` tells how
└── ConnectionLost         the platform could not be reached
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shoal_client.graph.fragments import JobParts


class ShoalError(Exception):
    """`code` is stable, the message is for people."""

    def __init__(self, message: str, code: str = "", **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.more = more
        """All else that the platform told."""


class Refused(ShoalError):
    @property
    def path(self) -> list[str]:
        return list(self.more.get("path", []))


class NotFound(Refused): ...


class Invalid(Refused): ...


class AlreadyExists(Refused): ...


class Conflict(Refused): ...


class IllegalState(Refused): ...


class IdempotencyMismatch(Refused): ...


class BadUpload(Refused): ...


class Denied(Refused): ...


class GoldenFailed(Refused): ...


class Throttled(Refused): ...


class QuotaExceeded(Refused): ...


class Fault(ShoalError):
    @property
    def request_id(self) -> str:
        """Under which the platform's log has it."""
        return str(self.more.get("requestId", ""))


class Unauthenticated(Fault): ...


class Forbidden(Fault): ...


class TryLater(Fault):
    @property
    def retry_after_s(self) -> float:
        return float(self.more.get("retryAfter") or 0.0)


class ConnectionLost(ShoalError): ...


class JobFailed(ShoalError):
    def __init__(self, job: JobParts) -> None:
        failure = job.failure
        message = failure.message if failure else f"the job is {job.status}"
        super().__init__(message, failure.code if failure else str(job.status))
        self.job = job


USER_ERRORS: dict[str, type[Refused]] = {
    "NotFoundError": NotFound,
    "ValidationError": Invalid,
    "AlreadyExistsError": AlreadyExists,
    "ConflictError": Conflict,
    "IllegalStateError": IllegalState,
    "IdempotencyMismatchError": IdempotencyMismatch,
    "UploadError": BadUpload,
    "DeniedError": Denied,
    "GoldenFailedError": GoldenFailed,
    "QuotaError": Throttled,
    "QuotaExceededError": QuotaExceeded,
}


def refused(error: dict[str, Any]) -> Refused:
    """Of one of a payload's `userErrors`."""
    told = dict(error)
    kind = USER_ERRORS.get(told.pop("__typename", ""), Refused)
    return kind(told.pop("message", ""), **told)


def fault(error: dict[str, Any]) -> Fault:
    """Of one of a response's `errors`."""
    told = dict(error.get("extensions") or {})
    code = str(told.pop("code", ""))
    kind: type[Fault] = Fault
    if told.get("retryable"):
        kind = TryLater
    elif code == "UNAUTHENTICATED":
        kind = Unauthenticated
    elif code == "FORBIDDEN":
        kind = Forbidden
    return kind(str(error.get("message", "")), code, **told)
