from __future__ import annotations

from pathlib import Path

from prometheus_client import REGISTRY

import server.metrics
import server.webhooks.metrics
import store.telemetry.metrics
import workers.metrics

DOCS = Path(__file__).parents[2] / "docs" / "observability.md"
DEFINED_IN = (server.metrics, server.webhooks.metrics, store.telemetry.metrics, workers.metrics)


def test_every_metric_is_documented_and_no_other() -> None:
    """By the names that Prometheus sees."""
    assert all(DEFINED_IN)
    ours = [family for family in REGISTRY.collect() if family.name.startswith("shoal_")]
    names = {f"{each.name}_total" if each.type == "counter" else each.name for each in ours}
    table = [line for line in DOCS.read_text().splitlines() if line.startswith("| `shoal_")]
    told = {word for line in table for word in line.split("|")[1].replace("`", "").split(", ")}
    assert {word.strip() for word in told} == names
