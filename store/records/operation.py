"""Bulk operations: a query over all its pages or a mutation over many lines, and what came of it.

    PENDING ──ready──> READY ────expired──> EXPIRED
       └────settled──> PARTIAL ──expired──────^

`attempt` is the fencing token of the job's attempt that writes: parts of an earlier one that come
late are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.errors import StaleAttempt
from store.records.account import Scope


class OperationType(StrEnum):
    QUERY = "QUERY"
    MUTATION = "MUTATION"


class OperationStatus(StrEnum):
    PENDING = "PENDING"
    READY = "READY"
    PARTIAL = "PARTIAL"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an operation is; a later attempt goes on from there."""

    cursor: str | None = None
    """A query's: where its outermost list goes on."""
    done: int = 0
    """Things of the outermost list, or lines of variables."""
    objects: int = 0
    """Lines of the result."""
    failed: int = 0
    """Lines of variables whose mutation refused them, or that are none."""
    bytes: int = 0
    is_whole: bool = False
    """Nothing is left to be done but to put the parts together."""


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """Made with its job, whose status tells whether it runs."""

    id: str
    job_id: str
    owner_id: str
    api_key_id: str | None
    """The key that it was asked with; its owner's rights, and the key's, are asked for again."""
    scopes: tuple[Scope, ...]
    """It never does more than its caller could when they asked."""
    type: OperationType
    document: str
    created_at: datetime
    expires_at: datetime
    slot: str
    """Unique: an operation that is under way holds its owner's one place for its type."""
    lines_key: str | None = None
    """A mutation's variables, a JSON object a line."""
    upload_id: str | None = None
    """The file that they came in; None for lines that came with the request."""
    root_id: str = ""
    """The operation that this one goes on with, or itself: keys of lines are derived from it."""
    status: OperationStatus = OperationStatus.PENDING
    attempt: int = 0
    total: int | None = None
    """Of `tally.done`, where it is known."""
    tally: Tally = Tally()
    parts: tuple[str, ...] = ()
    """Keys of what is done so far, in order."""
    object_key: str | None = None
    sha256: str | None = None
    ended_at: datetime | None = None
    revision: int = 0

    def taken_up(self, attempt: int) -> BulkOperation:
        """From now on only this attempt, or a later one, may write."""
        if attempt < self.attempt:
            raise StaleAttempt(f"attempt {attempt} of operation {self.id} is over")
        return replace(self, attempt=attempt)

    def counted(self, attempt: int, total: int) -> BulkOperation:
        return replace(self._held(attempt), total=total)

    def advanced(self, attempt: int, tally: Tally, parts: tuple[str, ...]) -> BulkOperation:
        """`parts` are kept, and with them all that `tally` counts."""
        held = self._held(attempt)
        return replace(held, tally=tally, parts=(*held.parts, *parts))

    def ready(
        self, attempt: int, at: datetime, expires_at: datetime, object_key: str, sha256: str
    ) -> BulkOperation:
        """Told twice, it changes nothing."""
        if self.status is OperationStatus.READY:
            return self
        return self._held(attempt)._ended(
            OperationStatus.READY, at, expires_at, object_key=object_key, sha256=sha256
        )

    def settled(
        self, at: datetime, expires_at: datetime, object_key: str, sha256: str
    ) -> BulkOperation:
        """What a job that failed or was cancelled had done until then."""
        if self.status is not OperationStatus.PENDING:
            return self
        return self._ended(
            OperationStatus.PARTIAL, at, expires_at, object_key=object_key, sha256=sha256
        )

    def needed_until(self, expires_at: datetime) -> BulkOperation:
        """Another operation goes on from its file."""
        return replace(self, expires_at=max(self.expires_at, expires_at))

    def expired(self) -> BulkOperation:
        """Its counts stay, its file is gone."""
        return replace(self, status=OperationStatus.EXPIRED, object_key=None)

    def _held(self, attempt: int) -> BulkOperation:
        if self.attempt != attempt or self.status is not OperationStatus.PENDING:
            raise StaleAttempt(f"attempt {attempt} of operation {self.id} no longer holds it")
        return self

    def _ended(
        self, status: OperationStatus, at: datetime, expires_at: datetime, **changes: object
    ) -> BulkOperation:
        return replace(
            self, status=status, ended_at=at, expires_at=expires_at, slot=self.id, parts=(),
            **changes,  # type: ignore[arg-type]
        )  # fmt: skip
