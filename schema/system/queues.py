"""Queues, and closing them for maintenance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import strawberry

from schema.accounts.types import User
from schema.context import Context, Info
from schema.enums import show_enum
from schema.errors import UserError
from schema.fields import dry_run, expected_version, no_errors, with_payload
from schema.nodes import shows
from schema.permissions import Requires
from schema.visibility import find_user
from store.errors import Conflict
from store.records import queue as records
from store.records.account import Scope
from store.records.account import User as UserRecord
from store.records.job import JobKind
from store.system.queues import QueueStatus

show_enum(
    records.QueueMode,
    "Whether work is taken from a queue.",
    OPEN="It is.",
    PAUSED="Nothing new is taken; what runs goes on.",
    DRAINING="Nothing new is taken, and what runs is handed back, to go on after its last stage.",
)


async def _by(queue: strawberry.Parent[QueueStatus], info: Info) -> UserRecord | None:
    return await find_user(info.context, queue.by) if queue.by else None


@strawberry.type(description="What waits for workers: jobs of one kind, or texts to be answered.")
class Queue:
    is_type_of = shows(QueueStatus)

    name: str = strawberry.field(description="A kind of jobs, or `INFERENCE`.")
    mode: records.QueueMode = strawberry.field(description="Whether work is taken from it.")
    depth: int = strawberry.field(description="How many jobs or texts wait.")
    oldest: datetime | None = strawberry.field(
        description="Since when the one waits that has waited longest."
    )
    running: int | None = strawberry.field(description="How many jobs run; null for `INFERENCE`.")
    limit: int | None = strawberry.field(
        description="The most jobs that may run at once on all hosts; of `INFERENCE` the most "
        "texts that may wait."
    )
    by: UserRecord | None = strawberry.field(
        resolver=_by, graphql_type=User | None, description="The admin who closed it."
    )
    reason: str = strawberry.field(description="Why they did; may be empty.")
    revision: int = strawberry.field(description="Pass it as `expectedVersion` to change it.")


def _queue() -> JobKind:
    field: JobKind = strawberry.field(description="The queue: the kind of its jobs.")
    return field


def _reason() -> str:
    field: str = strawberry.field(
        default="", description="Why, in a line for those whose jobs wait; at most 500 characters."
    )
    return field


@strawberry.input(description="A queue from which nothing new is to be taken.")
class PauseQueueInput:
    name: JobKind = _queue()
    reason: str = _reason()
    expected_version: int | None = expected_version()


@strawberry.input(description="A queue to be emptied of what runs.")
class DrainQueueInput:
    name: JobKind = _queue()
    reason: str = _reason()
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.input(description="A queue to go on.")
class ResumeQueueInput:
    name: JobKind = _queue()
    expected_version: int | None = expected_version()


@strawberry.type(description="A queue after a change.")
class QueuePayload:
    queue: QueueStatus | None = strawberry.field(
        default=None, graphql_type=Queue | None, description="The queue as it is now."
    )
    handed_back: int | None = strawberry.field(
        default=None, description="Jobs that run now, which `drainQueue` hands back; else null."
    )
    user_errors: list[UserError] = no_errors()


async def _payload(context: Context, name: JobKind) -> QueuePayload:
    return QueuePayload(queue=await context.store.queues.status(name))


Pause = Annotated[PauseQueueInput, strawberry.argument(description="The queue, and why.")]
Drain = Annotated[DrainQueueInput, strawberry.argument(description="The queue, and why.")]
Resume = Annotated[ResumeQueueInput, strawberry.argument(description="The queue.")]


@strawberry.type
class QueueMutations:
    @with_payload(
        Requires(Scope.ADMIN),
        "Take nothing new from a queue; what runs goes on. For admins.",
    )
    async def pause_queue(self, info: Info, input: Pause) -> QueuePayload:
        by = info.context.signed_in.id
        await info.context.store.queues.pause(
            input.name, by, input.reason, expected_revision=input.expected_version
        )
        return await _payload(info.context, input.name)

    @with_payload(
        Requires(Scope.ADMIN),
        "Take nothing new from a queue, and hand back what runs: within seconds its workers are "
        "idle. The jobs go on after their last finished stage when it is resumed. For admins.",
    )
    async def drain_queue(self, info: Info, input: Drain) -> QueuePayload:
        queues, by = info.context.store.queues, info.context.signed_in.id
        known = await queues.status(input.name)
        if not input.dry_run:
            await queues.drain(
                input.name, by, input.reason, expected_revision=input.expected_version
            )
        elif input.expected_version not in (None, known.revision):
            raise Conflict(f"the queue {known.name} changed", known.revision, known)
        payload = await _payload(info.context, input.name)
        return replace(payload, handed_back=known.running)

    @with_payload(
        Requires(Scope.ADMIN),
        "Let a queue go on. For admins.",
    )
    async def resume_queue(self, info: Info, input: Resume) -> QueuePayload:
        queues = info.context.store.queues
        await queues.resume(input.name, expected_revision=input.expected_version)
        return await _payload(info.context, input.name)
