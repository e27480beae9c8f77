"""Which of the jobs that wait goes first."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Context, Info
from schema.errors import UserError
from schema.fields import expected_version, no_errors, with_payload
from schema.jobs.types import Job
from schema.permissions import Requires
from schema.visibility import find_job, must_own
from store.errors import Denied
from store.records import job as records
from store.records.account import Scope


def check_priority(context: Context, priority: records.Priority) -> None:
    """Raises Denied: everybody's jobs at HIGH would be nobody's."""
    if priority is records.Priority.HIGH and not context.signed_in.is_admin:
        raise Denied("only an admin may give a job the priority HIGH; leave it NORMAL or LOW")


@strawberry.input(description="A waiting job to go earlier or later.")
class ChangeJobPriorityInput:
    id: strawberry.ID = strawberry.field(description="The job.")
    priority: records.Priority = strawberry.field(
        description="Its new priority; HIGH is for admins."
    )
    expected_version: int | None = expected_version()


@strawberry.type(description="A job after its priority was changed.")
class ChangeJobPriorityPayload:
    job: records.Job | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The job as it is now."
    )
    user_errors: list[UserError] = no_errors()


Change = Annotated[ChangeJobPriorityInput, strawberry.argument(description="The change.")]


@strawberry.type
class PriorityMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Let a job that waits go earlier or later.",
    )
    async def change_job_priority(self, info: Info, input: Change) -> ChangeJobPriorityPayload:
        job = await must_own(info.context, find_job, input.id, "id")
        check_priority(info.context, input.priority)
        changed = await info.context.store.jobs.change_priority(
            job.id, input.priority, expected_revision=input.expected_version
        )
        return ChangeJobPriorityPayload(job=changed)
