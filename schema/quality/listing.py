"""The findings of a version's last check."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.paging import (
    After,
    First,
    Listing,
    check_first,
    cursors,
    matching,
)
from schema.permissions import visible
from store.records import quality as records
from store.records.dataset import DatasetVersion

Kind = Annotated[
    records.FindingKind | None, strawberry.argument(description="Lists only this kind.")
]
Status = Annotated[
    records.FindingStatus | None,
    strawberry.argument(description="Lists only those about which this was decided."),
]


async def quality_of(
    version: strawberry.Parent[DatasetVersion], info: Info
) -> records.Quality | None:
    """For the version's owner and admins."""
    mine = visible(info.context.signed_in, version)
    return mine.quality if mine else None


async def findings_of(
    version: strawberry.Parent[DatasetVersion],
    info: Info,
    *,
    kind: Kind = None,
    status: Status = None,
    first: First = 20,
    after: After = None,
) -> Listing[records.Finding]:
    """One page, kind by kind, the worst first; none where there was no check."""
    check_first(first)
    store, name = info.context.store, f"findings:{version.id}"
    places = cursors(info, name)
    after_id = None if after is None else places.read(after)
    quality = await quality_of(version, info)
    job_id = quality.job_id if quality else ""
    where = matching(job_id=job_id, kind=kind, status=status)
    page = await store.mongo.findings.page(where, first=first, after_id=after_id, descending=False)
    return Listing(
        nodes=page.items,
        after=after,
        has_next=page.has_next,
        cursor_of=lambda finding: places.write(finding.id),
        count=lambda: store.mongo.findings.count(where),
    )
