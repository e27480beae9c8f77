"""Types of other nouns, by name: packages that show each other cannot import each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.accounts.types import User
    from schema.clusters.types import MapCluster
    from schema.comparisons.types import Comparison
    from schema.datasets.types import Dataset, DatasetVersion
    from schema.drift.types import DriftReport
    from schema.golden.types import GoldenQuestion
    from schema.inference.bulk_types import BulkPrediction
    from schema.inference.types import Prediction
    from schema.jobs.types import Job
    from schema.models.types import Model, ModelVersion
    from schema.operations.types import BulkOperation
    from schema.system.queues import Queue
    from schema.trials.types import Trial
    from schema.webhooks.types import Webhook

LazyBulkOperation = Annotated["BulkOperation", strawberry.lazy("schema.operations.types")]
LazyBulkPrediction = Annotated["BulkPrediction", strawberry.lazy("schema.inference.bulk_types")]
LazyComparison = Annotated["Comparison", strawberry.lazy("schema.comparisons.types")]
LazyDataset = Annotated["Dataset", strawberry.lazy("schema.datasets.types")]
LazyDatasetVersion = Annotated["DatasetVersion", strawberry.lazy("schema.datasets.types")]
LazyDriftReport = Annotated["DriftReport", strawberry.lazy("schema.drift.types")]
LazyGoldenQuestion = Annotated["GoldenQuestion", strawberry.lazy("schema.golden.types")]
LazyJob = Annotated["Job", strawberry.lazy("schema.jobs.types")]
LazyMapCluster = Annotated["MapCluster", strawberry.lazy("schema.clusters.types")]
LazyModel = Annotated["Model", strawberry.lazy("schema.models.types")]
LazyModelVersion = Annotated["ModelVersion", strawberry.lazy("schema.models.types")]
LazyPrediction = Annotated["Prediction", strawberry.lazy("schema.inference.types")]
LazyQueue = Annotated["Queue", strawberry.lazy("schema.system.queues")]
LazyTrial = Annotated["Trial", strawberry.lazy("schema.trials.types")]
LazyUser = Annotated["User", strawberry.lazy("schema.accounts.types")]
LazyWebhook = Annotated["Webhook", strawberry.lazy("schema.webhooks.types")]
