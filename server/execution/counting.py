"""What an operation adds to the counts of whoever asked."""

from __future__ import annotations

from schema.context import Context
from schema.documents.documents import Asked
from server.http.operations import Operation


def count_begun(asked: Asked | None, operation: Operation, context: Context) -> None:
    """One more request; where it came from, and what it names that is deprecated."""
    viewer, usage = context.viewer, context.store.usage
    if viewer is None:
        return
    usage.count(viewer, requests=1)
    usage.note_use(viewer, context.address, context.user_agent)
    if asked is not None:
        usage.note_deprecated(viewer, asked.deprecated.named(operation.variables))


def count_failed(context: Context) -> None:
    """It was refused, or ended with errors."""
    if context.viewer is not None:
        context.store.usage.count(context.viewer, errors=1)
