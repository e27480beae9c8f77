"""What Prometheus may ask of the process that sends."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

EVENTS = Counter("shoal_webhook_events", "Events that became a delivery.")
TRIES = Counter("shoal_webhook_tries", "Requests sent, by what became of the delivery.", ["status"])
TRY_SECONDS = Histogram("shoal_webhook_try_seconds", "How long a request took.", buckets=BUCKETS)
SENDING = Gauge("shoal_webhook_sending", "Requests that are under way.")
FOLLOWED = Gauge("shoal_webhooks_followed", "Webhooks that this process follows.")
