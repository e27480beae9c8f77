"""The audit log as a file, by a URL that `exportAuditLog` gave."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from store.audit.export import ExportFormat
from store.clock import now
from store.store import Store

MEDIA_TYPES = {
    ExportFormat.JSONL: "application/jsonl",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


async def export_audit_log(request: Request) -> Response:
    """Sent as it is read. The signature is the right to it: no other is asked for."""
    store: Store = request.state.store
    export = await store.audit_exports.read(request.query_params.get("token", ""))
    name = f"audit-{now():%Y-%m-%d}.{export.format.lower()}"
    return StreamingResponse(
        store.audit_exports.lines(export),
        media_type=MEDIA_TYPES[export.format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
