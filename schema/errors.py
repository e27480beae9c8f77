"""Failures on their way to the client.

Expected ones end in a mutation's `userErrors`. The others end in `errors`, always with `code` and
`requestId`; whatever nobody expected is logged here and masked.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import FieldExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from schema.lazy import (
    LazyDataset,
    LazyGoldenQuestion,
    LazyJob,
    LazyModel,
    LazyModelVersion,
    LazyPrediction,
    LazyQueue,
    LazyUser,
    LazyWebhook,
)
from schema.scalars import BigInt
from store.errors import (
    AlreadyExists,
    BadUpload,
    Conflict,
    Denied,
    GoldenFailed,
    IdempotencyMismatch,
    IllegalMove,
    NotFound,
    QuotaExceeded,
    RateLimited,
    StoreError,
    Throttled,
    Unavailable,
)
from store.records.account import User
from store.records.dataset import Dataset
from store.records.golden import GoldenQuestion
from store.records.job import Job
from store.records.model import Model, ModelVersion
from store.records.prediction import Prediction
from store.records.quota import QuotaKind
from store.records.webhook import Webhook
from store.system.queues import QueueStatus as Queue

SUGGESTION = re.compile(r" Did you mean [^?]*\?")
"""What GraphQL says of a wrong variable; it would tell names to callers who may not know them."""

MAX_ERRORS, MAX_MESSAGE = 50, 2_000
"""Of one answer, and characters of each: errors repeat what the caller sent."""

log = structlog.get_logger(__name__)

REQUEST_FAULTS = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)
"""Strawberry's own words for a request without a document, or with the wrong operation."""


class NotAllowed(Exception):
    """The caller may not use a field; `code` is UNAUTHENTICATED or FORBIDDEN."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Missing(NotFound):
    """`field` is the input field that names what is not there, or not for the caller to see."""

    def __init__(self, message: str, *field: str) -> None:
        super().__init__(message)
        self.path = ["input", *field]


@strawberry.interface(description="Why a mutation did not happen, told so that the caller can act.")
class UserError:
    code: str = strawberry.field(description="Stable and machine-readable, such as `NOT_FOUND`.")
    message: str = strawberry.field(description="One sentence for people.")
    path: list[str] = strawberry.field(
        description="The way to the input field that it is about, at most one step a level."
    )


@strawberry.type(description="There is no such record, or none that the caller may see.")
class NotFoundError(UserError):
    pass


@strawberry.type(description="An input field has a value that is not allowed.")
class ValidationError(UserError):
    pass


@strawberry.type(description="A name or email that must be unique is taken.")
class AlreadyExistsError(UserError):
    pass


Current = Annotated[
    LazyDataset
    | LazyGoldenQuestion
    | LazyJob
    | LazyModel
    | LazyModelVersion
    | LazyPrediction
    | LazyQueue
    | LazyUser
    | LazyWebhook,
    strawberry.union("Current", description="A record that somebody else has changed."),
]
SHOWN = (
    Dataset, GoldenQuestion, Job, Model, ModelVersion, Prediction, Queue, User, Webhook,
)  # fmt: skip
"""The records behind it."""


@strawberry.type(description="The record changed since the caller read it; read it again.")
class ConflictError(UserError):
    current_revision: int | None = strawberry.field(
        default=None, description="The record's version now, where it is known."
    )
    current: object | None = strawberry.field(
        default=None,
        graphql_type=Current | None,
        description="The record as it is now, to merge with and to try again.",
    )


@strawberry.type(description="The record's state does not allow the change.")
class IllegalStateError(UserError):
    pass


@strawberry.type(description="The idempotency key was used before for a different request.")
class IdempotencyMismatchError(UserError):
    pass


@strawberry.type(description="The bytes that arrived are not those that were announced.")
class UploadError(UserError):
    pass


@strawberry.type(description="Wrong credentials, or a token that is over.")
class DeniedError(UserError):
    pass


@strawberry.type(description="A version fails golden questions that block its publication.")
class GoldenFailedError(UserError):
    question_ids: list[strawberry.ID] = strawberry.field(description="The questions, at most 100.")


@strawberry.type(description="Too much at once; the same request may succeed later.")
class QuotaError(UserError):
    retry_after: float = strawberry.field(description="Seconds to wait before the next try.")


@strawberry.type(description="The user has all that they may have, or did all that they may do.")
class QuotaExceededError(UserError):
    quota: QuotaKind = strawberry.field(description="Of what there is no more.")
    limit: BigInt = strawberry.field(description="How much the user may have or do.")
    used: BigInt = strawberry.field(
        description="How much of it is used; what was asked for now is not in it."
    )
    resets_at: datetime | None = strawberry.field(
        description="When it begins anew; null for what is free again once something has ended "
        "or was purged."
    )


ERROR_TYPES: tuple[type[UserError], ...] = (
    NotFoundError, ValidationError, AlreadyExistsError, ConflictError, IllegalStateError,
    IdempotencyMismatchError, UploadError, DeniedError, GoldenFailedError, QuotaError,
    QuotaExceededError,
)  # fmt: skip

_BY_FAILURE: dict[type[StoreError], type[UserError]] = {
    NotFound: NotFoundError,
    AlreadyExists: AlreadyExistsError,
    Conflict: ConflictError,
    IllegalMove: IllegalStateError,
    IdempotencyMismatch: IdempotencyMismatchError,
    BadUpload: UploadError,
    GoldenFailed: GoldenFailedError,
    Throttled: QuotaError,
    QuotaExceeded: QuotaExceededError,
    Denied: DeniedError,
    StoreError: ValidationError,
}


def user_error(error: StoreError) -> UserError:
    """The type that shows this failure: that of its nearest class in the table."""
    shown = next(_BY_FAILURE[kind] for kind in type(error).__mro__ if kind in _BY_FAILURE)
    more: dict[str, Any] = {}
    if isinstance(error, Throttled):
        more["retry_after"] = error.retry_after_s
    if isinstance(error, Conflict):
        more["current_revision"] = error.current_revision
        more["current"] = error.current if isinstance(error.current, SHOWN) else None
    if isinstance(error, QuotaExceeded):
        more |= {"quota": error.kind, "limit": error.limit, "used": error.used}
        more["resets_at"] = error.resets_at
    if isinstance(error, GoldenFailed):
        more["question_ids"] = [each.question.id for each in error.failed]
    path = getattr(error, "path", None) or ["input"]
    return shown(code=error.code, message=str(error), path=path, **more)


class UserErrors(FieldExtension):
    """Turns expected failures of a mutation into `userErrors` of its payload type.

    Services that are down are no fault of the caller: Unavailable passes through to `errors`.
    """

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        try:
            return await next_(source, info, **kwargs)
        except Unavailable:
            raise
        except StoreError as error:
            return info.return_type(user_errors=[user_error(error)])


def describe_all(errors: list[GraphQLError], request_id: str) -> None:
    """As `describe`; of too many only the first stay, and how many more there were."""
    if len(errors) > MAX_ERRORS:
        told = GraphQLError(f"there are {len(errors):,} errors; the first {MAX_ERRORS} are listed")
        errors[MAX_ERRORS:] = [told]
    for error in errors:
        describe(error, request_id)


def describe(error: GraphQLError, request_id: str) -> None:
    """Give `error` its code and request id, and mask it when nobody expected it."""
    extensions: dict[str, Any] = {"code": "BAD_REQUEST", **(error.extensions or {})}
    cause = _cause(error)
    if isinstance(cause, (NotAllowed, StoreError)):
        extensions["code"] = cause.code
    elif cause is not None:
        log.error("resolver_failed", request_id=request_id, path=error.path, exc_info=cause)
        error.message, extensions["code"] = "Internal error", "INTERNAL"
    if isinstance(cause, (Unavailable, Throttled, RateLimited)):
        extensions |= {"retryable": True, "retryAfter": cause.retry_after_s}
    if error.path is None:
        error.message = SUGGESTION.sub("", error.message)
    if len(error.message) > MAX_MESSAGE:
        error.message = f"{error.message[:MAX_MESSAGE]}…"
    error.extensions = {**extensions, "requestId": request_id}


def _cause(error: GraphQLError) -> Exception | None:
    """The exception of ours that `error` stands for; None when GraphQL itself complains."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return None if isinstance(cause, REQUEST_FAULTS) else cause
