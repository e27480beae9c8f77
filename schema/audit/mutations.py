"""Taking the audit log out, as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.audit.queries import AuditFilter
from schema.context import Info
from schema.enums import show_enum
from schema.errors import UserError
from schema.fields import no_errors, with_payload
from schema.permissions import Requires
from store.audit.export import ExportFormat
from store.records.account import Scope

show_enum(
    ExportFormat,
    "How a file is written.",
    JSONL="A JSON object a line: entries with all that their hashes are made of.",
    CSV="For spreadsheets: cells that would be taken for formulas begin with an apostrophe.",
)


@strawberry.input(description="Which entries to export, and how.")
class ExportAuditLogInput:
    format: ExportFormat = strawberry.field(
        default=ExportFormat.JSONL, description="How the file is written."
    )
    filter: AuditFilter | None = strawberry.field(
        default=None, description="Only these entries; all if left out."
    )


@strawberry.type(description="Where the file is.")
class ExportAuditLogPayload:
    url: str | None = strawberry.field(
        default=None,
        description="GET it before it expires; the file is made while it is sent, oldest first.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the URL ends to be good."
    )
    user_errors: list[UserError] = no_errors()


Export = Annotated[ExportAuditLogInput, strawberry.argument(description="What to export.")]


@strawberry.type
class AuditMutations:
    @with_payload(
        Requires(Scope.ADMIN), "A URL by which the audit log can be downloaded. For admins."
    )
    async def export_audit_log(self, info: Info, input: Export) -> ExportAuditLogPayload:
        where = input.filter.where() if input.filter else {}
        exports, viewer = info.context.store.audit_exports, info.context.signed_in
        url, expires_at = exports.url(viewer.id, input.format, where)
        return ExportAuditLogPayload(url=url, expires_at=expires_at)
