"""The one schema: every noun's part, its limits and its errors."""

from __future__ import annotations

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.accounts.mutations import AccountMutations
from schema.accounts.queries import AccountQueries
from schema.activity.queries import ActivityQueries
from schema.activity.subscriptions import ActivitySubscriptions
from schema.datasets.mutations import DatasetMutations
from schema.datasets.queries import DatasetQueries
from schema.datasets.subscriptions import DatasetSubscriptions
from schema.documents import Documents
from schema.errors import ERROR_TYPES, describe
from schema.inference.mutations import InferenceMutations
from schema.inference.queries import InferenceQueries
from schema.inference.subscriptions import InferenceSubscriptions
from schema.jobs.mutations import JobMutations
from schema.jobs.queries import JobQueries
from schema.jobs.subscriptions import JobSubscriptions
from schema.lookup import NodeQueries
from schema.models.mutations import ModelMutations
from schema.models.queries import ModelQueries
from schema.models.subscriptions import ModelSubscriptions
from schema.scalars import SCALARS


@strawberry.type(description="Everything that can be read.")
class Query(
    AccountQueries,
    NodeQueries,
    DatasetQueries,
    JobQueries,
    ModelQueries,
    InferenceQueries,
    ActivityQueries,
):
    """Each noun brings its own fields."""


@strawberry.type(description="Everything that can be done: one `input` in, one payload out.")
class Mutation(
    AccountMutations, DatasetMutations, JobMutations, ModelMutations, InferenceMutations
):
    """Each noun brings its own fields."""


@strawberry.type(description="Everything that can be followed while it happens.")
class Subscription(
    JobSubscriptions,
    DatasetSubscriptions,
    ModelSubscriptions,
    InferenceSubscriptions,
    ActivitySubscriptions,
):
    """Each noun brings its own fields."""


class Schema(strawberry.Schema):
    """Gives every error its code and request id, and masks the unexpected ones."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        context = execution_context.context if execution_context else None
        for error in errors:
            describe(error, context.request_id if context else "")


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=ERROR_TYPES,
    extensions=[Documents],
    config=StrawberryConfig(scalar_map=SCALARS),
)
