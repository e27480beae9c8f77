"""Asking for bulk operations."""

from __future__ import annotations

from typing import Annotated

import strawberry
from graphql import DocumentNode, GraphQLError

from schema.context import Context, Info
from schema.cost import JOB_COST
from schema.documents.documents import checked
from schema.documents.limits import unread_excess
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.jobs.types import Job
from schema.once import once
from schema.operations.lines import line_mutation
from schema.operations.paged import paged
from schema.operations.types import BulkOperation
from schema.permissions import Requires
from store import ids
from store.errors import Denied, InvalidValue
from store.operations import operation_of
from store.records import job as jobs
from store.records import operation as records
from store.records.account import Scope


@strawberry.input(description="A query to be run over all its pages.")
class RunBulkQueryInput:
    query: str = strawberry.field(
        description="A document with one query, without variables. It selects one list, at the "
        "root or within single things; lists may lie within its things, at most 5 in all and 3 one "
        "within another. `first` and `after` are left out: every list is read to its end."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A mutation to be run once for each line of variables.")
class RunBulkMutationInput:
    mutation: str = strawberry.field(
        description="A document with one mutation, its input one variable: `f(input: $input)`."
    )
    upload_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A file from `createUpload` of at most 100 MB: each line is a JSON object, "
        'the variables of one run, such as `{"input": {...}}`.',
    )
    lines: str | None = strawberry.field(
        default=None, description="The lines themselves, at most 1 MB, instead of a file."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A bulk operation that was set going.")
class BulkOperationPayload:
    operation: records.BulkOperation | None = strawberry.field(
        default=None, graphql_type=BulkOperation | None, description="Read its `url` at the end."
    )
    job: jobs.Job | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The job that runs it; follow it."
    )
    user_errors: list[UserError] = no_errors()


Queried = Annotated[RunBulkQueryInput, strawberry.argument(description="The query.")]
Mutated = Annotated[
    RunBulkMutationInput, strawberry.argument(description="The mutation and its variables.")
]


@strawberry.type
class OperationMutations:
    @with_payload(
        Requires(Scope.READ),
        "Run a query over all pages of its lists. A job writes a file of JSON lines: one for each "
        "thing, those of a list within after what they belong to, whose id is their "
        "`__parentId`. One at a time for each caller.",
        cost=JOB_COST,
    )
    async def run_bulk_query(self, info: Info, input: Queried) -> BulkOperationPayload:
        async def make(job_id: str) -> None:
            await context.store.operations.start(context.signed_in, input.query, job_id=job_id)

        context = info.context
        _check_key(context)
        paged(info.schema._schema, _valid(info, input.query, "query"))
        return await _payload(context, await once(info, input, ids.JOB, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Run a mutation once for each line of variables, in order. A job writes a file of JSON "
        "lines: `line`, `data`, and `errors` if there are any. Each line gets an idempotency key, "
        "unless it has one. One at a time for each caller. A line costs what the mutation does.",
        cost=JOB_COST,
    )
    async def run_bulk_mutation(self, info: Info, input: Mutated) -> BulkOperationPayload:
        async def make(job_id: str) -> None:
            await context.store.operations.start(
                context.signed_in, input.mutation, job_id=job_id,
                upload_id=input.upload_id, lines=input.lines,
            )  # fmt: skip

        context = info.context
        _check_key(context)
        line_mutation(info.schema._schema, _valid(info, input.mutation, "mutation"))
        if (input.upload_id is None) == (input.lines is None):
            raise InvalidValue("give either `uploadId` or `lines`", "lines")
        return await _payload(context, await once(info, input, ids.JOB, make))


def _check_key(context: Context) -> None:
    if context.signed_in.model_ids is not None:
        raise Denied("a key for some models runs no bulk operations")


def _valid(info: Info, text: str, field: str) -> DocumentNode:
    """The document. Raises InvalidValue for one that the API would refuse."""
    if excess := unread_excess(text, None):
        raise InvalidValue(excess, field)
    try:
        found = checked(info.schema._schema, text)
    except GraphQLError as error:
        raise InvalidValue(error.message, field) from None
    if found.errors:
        raise InvalidValue(found.errors[0].message, field)
    return found.document


async def _payload(context: Context, job_id: str) -> BulkOperationPayload:
    mongo = context.store.mongo
    return BulkOperationPayload(
        operation=await mongo.bulk_operations.get(operation_of(job_id)),
        job=await mongo.jobs.get(job_id),
    )
