"""What Prometheus may ask."""

from __future__ import annotations

from functools import lru_cache

from graphql import FieldNode, get_operation_ast, parse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from server.auth import identify
from server.faults import fault_response
from server.operations import Operation

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
MAX_LABELLED_CHARACTERS = 20_000
UNKNOWN = ("unknown", "unknown")
LOOPBACK = ("127.0.0.1", "::1")

HTTP_REQUESTS = Counter(
    "shoal_http_requests", "HTTP requests answered.", ["method", "route", "status"]
)
HTTP_SECONDS = Histogram(
    "shoal_http_request_seconds", "Time to answer an HTTP request.", ["route"], buckets=BUCKETS
)
OPERATIONS = Counter(
    "shoal_graphql_operations", "GraphQL operations that ended.", ["type", "outcome"]
)
OPERATION_SECONDS = Histogram(
    "shoal_graphql_operation_seconds",
    "Time of a query or mutation, by its first root field: `predict` is inference.",
    ["type", "field"],
    buckets=BUCKETS,
)
SOCKETS = Gauge("shoal_sockets_open", "WebSockets that are open.")
SUBSCRIPTIONS = Gauge("shoal_subscriptions_open", "Operations that stream, by transport.", ["over"])
EVENTS_SENT = Counter("shoal_subscription_events", "Results sent to subscribers.", ["over"])


def count_operation(operation: Operation, result: ExecutionResult, seconds: float) -> None:
    """Book one query or mutation; its outcome is ok, error, or refused before it began."""
    if isinstance(result, PreExecutionError):
        OPERATIONS.labels("unknown", "refused").inc()
        return
    is_long = len(operation.query) > MAX_LABELLED_CHARACTERS
    kind, field = UNKNOWN if is_long else _label(operation.query, operation.name)
    OPERATIONS.labels(kind, "error" if result.errors else "ok").inc()
    OPERATION_SECONDS.labels(kind, field).observe(seconds)


async def metrics(request: Request) -> Response:
    """For callers on this machine, and admins from elsewhere."""
    address = request.client.host if request.client else ""
    if address not in LOOPBACK:
        caller = await identify(request.state.store.accounts, request.headers.get("authorization"))
        if caller.viewer is None or not caller.viewer.is_admin:
            return fault_response(
                request.state.request_id, 403, "FORBIDDEN", "metrics are for admins"
            )
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@lru_cache(maxsize=500)
def _label(query: str, name: str | None) -> tuple[str, str]:
    """The type and first root field of an operation that has run: names of the schema's own."""
    node = get_operation_ast(parse(query, no_location=True), name)
    if node is None:
        return UNKNOWN
    fields = [each for each in node.selection_set.selections if isinstance(each, FieldNode)]
    return node.operation.value, fields[0].name.value if fields else "unknown"
