"""Reading the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.audit.types import AuditEntry
from schema.context import Info
from schema.fields import query
from schema.paging import After, Connection, First, Listing, list_page, matching
from schema.permissions import Requires
from schema.scalars import BigInt
from store.audit.audit import MAX_VERIFIED, Verified
from store.errors import InvalidValue
from store.records import audit as records
from store.records.account import Scope


@strawberry.input(description="Which entries; what is left out does not matter.")
class AuditFilter:
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="By this user.")
    api_key_id: strawberry.ID | None = strawberry.field(
        default=None, description="With this API key."
    )
    action: str | None = strawberry.field(default=None, description="Of this mutation.")
    subject_id: strawberry.ID | None = strawberry.field(
        default=None, description="About this thing."
    )
    outcome: records.Outcome | None = strawberry.field(
        default=None, description="With this outcome."
    )
    since: datetime | None = strawberry.field(
        default=None, name="from", description="Entered then or later."
    )
    until: datetime | None = strawberry.field(
        default=None, name="to", description="Entered before then."
    )

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        where = matching(
            actor_id=self.actor_id, api_key_id=self.api_key_id, action=self.action,
            subject_ids=self.subject_id, outcome=self.outcome,
        )  # fmt: skip
        between = {"$gte": self.since, "$lt": self.until}
        given = {name: moment for name, moment in between.items() if moment is not None}
        return where | ({"at": given} if given else {})


Filter = Annotated[AuditFilter | None, strawberry.argument(description="Lists only some of them.")]
Behind = Annotated[
    BigInt | None,
    strawberry.argument(description="Begin behind the entry of this number, or at the oldest."),
]
Most = Annotated[int, strawberry.argument(description="How many entries to look at, 1 to 10,000.")]


@strawberry.type(description="What a look at a part of the audit log found.")
class AuditVerification:
    checked: int = strawberry.field(description="Entries that are as they were written.")
    last: records.AuditEntry | None = strawberry.field(
        graphql_type=AuditEntry | None,
        description="The last of them: go on behind it. Whoever keeps its number and hash "
        "elsewhere can tell later whether the log was cut off or written anew.",
    )
    broken_at: BigInt | None = strawberry.field(
        description="The number of the first entry that is wrong or gone; null when all is well."
    )
    why: str = strawberry.field(description="What is wrong there, for people; empty if nothing is.")


@strawberry.type
class AuditQueries:
    @query(
        Requires(Scope.ADMIN),
        "Every mutation that was tried, newest first. For admins.",
        shows=Connection[AuditEntry],
    )
    async def audit_log(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.AuditEntry]:
        where = filter.where() if filter else {}
        entries = info.context.store.mongo.audit_log
        return await list_page(info, entries, where, name="auditLog", first=first, after=after)

    @query(
        Requires(Scope.ADMIN),
        "Whether entries of the audit log are as they were written, and none is missing between "
        "them. For admins.",
        shows=AuditVerification,
    )
    async def verify_audit_log(
        self, info: Info, after_number: Behind = None, most: Most = 1_000
    ) -> Verified:
        if not 1 <= most <= MAX_VERIFIED:
            raise InvalidValue(f"most is {most}; it must be 1 to {MAX_VERIFIED:,}", "most")
        after = after_number or 0
        if after < 0:
            raise InvalidValue("numbers begin at 1", "afterNumber")
        return await info.context.store.audit.verify(after, most)
