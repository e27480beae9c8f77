"""Making a version searchable."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import JOB_COST
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.jobs.priority import check_priority
from schema.jobs.spec import EmbedderInput
from schema.jobs.types import Job
from schema.once import once
from schema.permissions import Requires
from schema.search.types import SearchIndex
from schema.visibility import find_dataset_version, must_find
from store import ids
from store.codec import from_plain, to_plain
from store.records import job as jobs
from store.records.account import Scope
from store.records.index import SearchIndex as IndexRecord
from store.records.training import EmbedderSpec


@strawberry.input(description="A version to be made searchable.")
class IndexDatasetInput:
    dataset_version_id: strawberry.ID = strawberry.field(
        description="The version; it must be READY."
    )
    embedder: EmbedderInput | None = strawberry.field(
        default=None,
        description="How texts become vectors; null takes all-MiniLM-L6-v2 for texts and KMER for "
        "sequences. Vectors that a training has made are used again.",
    )
    priority: jobs.Priority = strawberry.field(
        default=jobs.Priority.NORMAL,
        description="Among jobs that wait, a higher one goes first; HIGH is for admins.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What `indexDataset` set going.")
class IndexDatasetPayload:
    job: jobs.Job | None = strawberry.field(
        default=None,
        graphql_type=Job | None,
        description="The job that builds the index, or has built it: there is one for a version "
        "and an embedder.",
    )
    index: IndexRecord | None = strawberry.field(
        default=None, graphql_type=SearchIndex | None, description="The index."
    )
    user_errors: list[UserError] = no_errors()


Input = Annotated[IndexDatasetInput, strawberry.argument(description="The version.")]


@strawberry.type
class SearchMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Make a data set's version searchable. A training does so by itself, with its embedder.",
        cost=JOB_COST,
    )
    async def index_dataset(self, info: Info, input: Input) -> IndexDatasetPayload:
        async def make(job_id: str) -> IndexRecord:
            return await context.store.search.build(
                context.signed_in.id, version.id, embedder, job_id=job_id, priority=input.priority
            )

        context = info.context
        check_priority(context, input.priority)
        version = await must_find(
            context, find_dataset_version, input.dataset_version_id, "datasetVersionId"
        )
        embedder = from_plain(EmbedderSpec, to_plain(input.embedder)) if input.embedder else None
        job_id = await once(info, input, ids.JOB, make)
        index = await make(job_id)
        job = await context.store.mongo.jobs.find(index.job_id)
        return IndexDatasetPayload(job=job, index=index)
