"""The one schema: every noun's part, its limits and its errors."""

from __future__ import annotations

from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLSchema
from graphql.execution import Executor
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult

from schema.accounts.api_key_mutations import ApiKeyMutations
from schema.accounts.mutations import AccountMutations
from schema.accounts.queries import AccountQueries
from schema.accounts.quota_mutations import QuotaMutations
from schema.accounts.rate_limit import RateLimitQueries
from schema.activity.queries import ActivityQueries
from schema.activity.subscriptions import ActivitySubscriptions
from schema.audit.mutations import AuditMutations
from schema.audit.queries import AuditQueries
from schema.cards.mutations import CardMutations
from schema.clusters.mutations import ClusterMutations
from schema.clusters.placing import ClusterQueries
from schema.comparisons.mutations import ComparisonMutations
from schema.comparisons.queries import ComparisonQueries
from schema.context import Context
from schema.corrections.mutations import CorrectionMutations
from schema.datasets.mutations import DatasetMutations
from schema.datasets.queries import DatasetQueries
from schema.datasets.subscriptions import DatasetSubscriptions
from schema.documents.documents import Asked, Documents, asked
from schema.drift.mutations import DriftMutations
from schema.drift.queries import DriftQueries
from schema.errors import ERROR_TYPES, describe_all
from schema.golden.mutations import GoldenMutations
from schema.inference.bulk import BulkMutations, BulkQueries
from schema.inference.explain import ExplainQueries
from schema.inference.explain_change import ExplainChangeQueries
from schema.inference.mutations import InferenceMutations
from schema.inference.queries import InferenceQueries
from schema.inference.streaming import StreamSubscriptions
from schema.inference.subscriptions import InferenceSubscriptions
from schema.jobs.estimate import EstimateQueries
from schema.jobs.mutations import JobMutations
from schema.jobs.priority import PriorityMutations
from schema.jobs.queries import JobQueries
from schema.jobs.retry import RetryMutations
from schema.jobs.subscriptions import JobSubscriptions
from schema.labelling.mutations import LabellingMutations
from schema.labelling.queries import LabellingQueries
from schema.lookup import NodeQueries
from schema.models.mutations import ModelMutations
from schema.models.queries import ModelQueries
from schema.models.subscriptions import ModelSubscriptions
from schema.operations.mutations import OperationMutations
from schema.operations.queries import OperationQueries
from schema.pricing.tariff import declare_pages
from schema.quality.mutations import QualityMutations
from schema.scalars import SCALARS
from schema.search.mutations import SearchMutations
from schema.system.queries import SystemQueries
from schema.system.queues import QueueMutations
from schema.system.subscriptions import SystemSubscriptions
from schema.trash.mutations import TrashMutations
from schema.trash.queries import TrashQueries
from schema.trials.mutations import TrialMutations
from schema.trials.queries import TrialQueries
from schema.undo import UndoMutations
from schema.webhooks.mutations import WebhookMutations
from schema.webhooks.queries import WebhookQueries


@strawberry.type(description="Everything that can be read.")
class Query(
    AccountQueries,
    RateLimitQueries,
    AuditQueries,
    NodeQueries,
    DatasetQueries,
    JobQueries,
    EstimateQueries,
    ComparisonQueries,
    DriftQueries,
    LabellingQueries,
    ModelQueries,
    InferenceQueries,
    ExplainQueries,
    ExplainChangeQueries,
    ClusterQueries,
    BulkQueries,
    OperationQueries,
    ActivityQueries,
    SystemQueries,
    TrashQueries,
    TrialQueries,
    WebhookQueries,
):
    """Each noun brings its own fields."""


@strawberry.type(description="Everything that can be done: one `input` in, one payload out.")
class Mutation(
    AccountMutations,
    QuotaMutations,
    ApiKeyMutations,
    AuditMutations,
    DatasetMutations,
    QualityMutations,
    JobMutations,
    PriorityMutations,
    RetryMutations,
    QueueMutations,
    ModelMutations,
    CardMutations,
    GoldenMutations,
    ComparisonMutations,
    CorrectionMutations,
    DriftMutations,
    LabellingMutations,
    InferenceMutations,
    ClusterMutations,
    BulkMutations,
    OperationMutations,
    SearchMutations,
    TrashMutations,
    TrialMutations,
    UndoMutations,
    WebhookMutations,
):
    """Each noun brings its own fields."""


@strawberry.type(description="Everything that can be followed while it happens.")
class Subscription(
    JobSubscriptions,
    DatasetSubscriptions,
    ModelSubscriptions,
    InferenceSubscriptions,
    StreamSubscriptions,
    ActivitySubscriptions,
    SystemSubscriptions,
):
    """Each noun brings its own fields."""


class Schema(strawberry.Schema):
    """Gives every error its code and request id, and masks the unexpected ones."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        context = execution_context.context if execution_context else None
        describe_all(errors, context.request_id if context else "")

    def asked(self, query: str, name: str | None) -> Asked | None:
        """The operation of that name; None if there is none, or the document is not valid."""
        return asked(self._schema, query, name)

    @property
    def graphql(self) -> GraphQLSchema:
        return self._schema

    async def carry_out(
        self, document: DocumentNode, variables: dict[str, Any], context: Context
    ) -> ExecutionResult:
        """The result of a document of our own making: it is not checked, measured or priced."""
        executor = self.begin(document, None, variables, context)
        if isinstance(executor, list):
            outcome: Any = ExecutionResult(None, executor)
        else:
            outcome = executor.execute_operation()
            if executor.is_awaitable(outcome):
                outcome = await outcome
        result = ExecutionResult(outcome.data, outcome.errors)
        describe_all(result.errors or [], context.request_id)
        return result

    def begin(
        self,
        document: DocumentNode,
        name: str | None,
        variables: dict[str, Any] | None,
        context: Context,
    ) -> Executor[Any] | list[GraphQLError]:
        """What runs a subscription of a checked document, or what is wrong with its variables."""
        return self.execution_context_class.build(
            self._schema, document, context_value=context, raw_variable_values=variables,
            operation_name=name,
        )  # fmt: skip


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=ERROR_TYPES,
    extensions=[Documents],
    config=StrawberryConfig(scalar_map=SCALARS),
)
declare_pages(schema._schema)
