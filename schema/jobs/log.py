"""A job's log: its lines, listed here and followed by `jobLog`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.feeds.pages import Selected, edges_of, has_gap, page_info_of
from schema.nodes import shows
from schema.paging import Edge, First, PageInfo, check_first
from schema.permissions import visible
from store.joblogs import MAX_FIELDS, WORKER, level_of
from store.records import event as records
from store.records import job as jobs

show_enum(
    records.LogLevel,
    "How much a line matters.",
    INFO="What happened.",
    WARNING="It went on, but somebody should know.",
    ERROR="It broke.",
)

Line = strawberry.Parent[records.Event]


@strawberry.type(description="A figure of a line.")
class LogField:
    name: str = strawberry.field(description="What it is of, such as `rows`.")
    value: str = strawberry.field(description="The figure as text.")


def _level(line: Line) -> records.LogLevel:
    return level_of(line)


def _worker(line: Line) -> str | None:
    return line.related.get(WORKER)


def _fields(line: Line) -> list[LogField]:
    if line.kind is not records.EventKind.LOG_LINE:
        return []
    return [LogField(name=k, value=v) for k, v in line.related.items() if k != WORKER]


@strawberry.type(description="A line of a job's log.")
class LogLine:
    is_type_of = shows(records.Event)

    cursor: str = strawberry.field(description="Pass it as `after` to resume behind this line.")
    at: datetime = strawberry.field(description="When it was said.")
    level: records.LogLevel = strawberry.field(resolver=_level, description="How much it matters.")
    stage: str | None = strawberry.field(description="The stage that said it.")
    attempt: int | None = strawberry.field(description="The attempt of the job.")
    worker: str | None = strawberry.field(resolver=_worker, description="The worker that said it.")
    message: str = strawberry.field(description="At most 4 kB; a traceback is many lines of text.")
    fields: list[LogField] = strawberry.field(
        resolver=_fields, description=f"Its figures by name, at most {MAX_FIELDS}."
    )


@strawberry.type(description="One page of a job's log, oldest first.")
class LogLineConnection:
    edges: list[Any] = strawberry.field(
        resolver=edges_of, graphql_type=list[Edge[LogLine]], description="The lines."
    )
    events: list[LogLine] = strawberry.field(name="nodes", description="The lines.")
    page_info: PageInfo = strawberry.field(
        resolver=page_info_of, description="Where the page ends."
    )
    has_gap: bool = strawberry.field(
        resolver=has_gap, description="Whether lines after `after` are no longer kept."
    )


After = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this log: begin behind it, else at its first."),
]
Level = Annotated[
    records.LogLevel | None, strawberry.argument(description="Only lines that matter as much.")
]
Stage = Annotated[str | None, strawberry.argument(description="Only lines of this stage.")]


async def log_of(  # noqa: PLR0917 -- GraphQL names its arguments
    job: strawberry.Parent[jobs.Job], info: Info, first: First = 20, after: After = None,
    level: Level = None, stage: Stage = None,
) -> Selected | None:  # fmt: skip
    """A page of the job's log, for whoever may see the job."""
    check_first(first)
    if visible(info.context.signed_in, job) is None:
        return None
    wanted = _wanted(level, stage)
    page = await info.context.store.job_logs.page(job, after, first, wanted)
    return Selected(page, page.events, after)


def _wanted(
    level: records.LogLevel | None, stage: str | None
) -> Callable[[records.Event], bool] | None:
    if level is None and stage is None:
        return None

    def is_wanted(line: records.Event) -> bool:
        matters = level is None or level_of(line).rank >= level.rank
        return matters and stage in (None, line.stage)

    return is_wanted
