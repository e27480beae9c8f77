"""What a worker counts; `store.telemetry.metrics.serve_metrics` tells it."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

STAGE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400)
CHUNK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)

ATTEMPTS = Gauge("shoal_attempts_running", "Attempts at jobs that are under way.", ["kind"])
STAGE_SECONDS = Histogram(
    "shoal_stage_seconds",
    "Time of a stage: done, kept from an earlier run, failed, cancelled, or left to another.",
    ["kind", "stage", "outcome"],
    buckets=STAGE_BUCKETS,
)
STAGE_ROWS = Counter("shoal_stage_rows", "Rows that stages have done.", ["kind", "stage"])
VECTORS = Counter("shoal_vectors", "Rows of trainings, embedded or from the cache.", ["source"])
CALLS = Counter("shoal_inference_calls", "Calls that were answered or refused.", ["outcome"])
CHUNK_SECONDS = Histogram(
    "shoal_inference_seconds", "Time to answer the calls of one chunk.", buckets=CHUNK_BUCKETS
)
CHUNK_TEXTS = Histogram(
    "shoal_inference_texts",
    "Texts answered together.",
    buckets=(1, 2, 3, 4, 6, 8, 16, 64),
)
MODELS_HELD = Gauge("shoal_models_held", "Model versions that are held in memory.")
