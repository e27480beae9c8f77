"""What Prometheus may ask."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from server import platform
from server.auth import identify
from server.http.faults import fault_response
from store.errors import Unavailable

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LOOPBACK = ("127.0.0.1", "::1")

HTTP_REQUESTS = Counter(
    "shoal_http_requests", "HTTP requests answered.", ["method", "route", "status"]
)
HTTP_SECONDS = Histogram(
    "shoal_http_request_seconds", "Time to answer an HTTP request.", ["route"], buckets=BUCKETS
)
OPERATIONS = Counter(
    "shoal_graphql_operations",
    "GraphQL operations: ok, error, refused before they began, failed, or subscriptions begun.",
    ["type", "field", "outcome"],
)
OPERATION_SECONDS = Histogram(
    "shoal_graphql_operation_seconds",
    "Time of a query or mutation, by its first root field: `predict` is inference.",
    ["type", "field"],
    buckets=BUCKETS,
)
SOCKETS = Gauge("shoal_sockets_open", "WebSockets that are open.")
SUBSCRIPTIONS = Gauge("shoal_subscriptions_open", "Operations that stream, by transport.", ["over"])
TASKS = Gauge("shoal_tasks", "Tasks of this process's loop: each subscription has one.")
EVENTS_SENT = Counter("shoal_subscription_events", "Results sent to subscribers.", ["over"])


async def metrics(request: Request) -> Response:
    """For callers on this machine, and admins from elsewhere."""
    address = request.client.host if request.client else ""
    if address not in LOOPBACK:
        caller = await identify(request.state.store.accounts, request.headers.get("authorization"))
        if caller.viewer is None or not caller.viewer.is_admin:
            return fault_response(
                request.state.request_id, 403, "FORBIDDEN", "metrics are for admins"
            )
    platform.show(await request.state.store.system.state())
    with suppress(Unavailable):  # as it was told last
        platform.show_backup(await request.state.store.mongo.platform.backup())
    TASKS.set(len(asyncio.all_tasks()))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
