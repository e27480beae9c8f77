"""The application: which door leads where, and what stands before all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from schema.loaders import open_loaders
from server.audit import export_audit_log
from server.background import background
from server.bulk.runner import BulkRunner
from server.connections.places import Places
from server.connections.rights import Rights
from server.edge import Edge, SecurityHeaders
from server.execution.audiences import Audiences
from server.garbage import collecting
from server.graphql import GraphQLEndpoint
from server.health import healthz, readyz
from server.http.faults import FAULT_HANDLERS
from server.metrics import metrics
from server.origins import allowed_origins
from server.static import client_routes
from server.trusted import Trusted
from server.uploads import download, upload_part
from store.audit import export as audit_export
from store.settings import Settings
from store.store import open_store
from store.telemetry import tracing

ALLOWED_HEADERS = (
    "Authorization", "Apollo-Require-Preflight", "Content-Type", "Last-Event-ID",
    "X-Apollo-Operation-Name", "X-Request-Id",
)  # fmt: skip
"""What a page of another origin that is allowed may send."""


def create_app(settings: Settings) -> ASGIApp:
    """The ASGI application; its lifespan opens and closes the store."""

    trusted = Trusted.of(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, object]]:
        with tracing.traced("shoal-server"):
            async with open_store(settings) as store, store.usage.flushing(), collecting():
                loaders = open_loaders(store)
                async with background(BulkRunner(store, loaders).serve), trusted.preparing():
                    yield {
                        "store": store,
                        "loaders": loaders,
                        "audiences": Audiences(),
                        "rights": Rights(store.accounts),
                        "places": Places(settings.max_streams),
                        "trusted": trusted,
                    }

    return Starlette(
        routes=_routes(settings),
        middleware=_middleware(settings),
        exception_handlers=FAULT_HANDLERS,
        lifespan=lifespan,
    )


def _routes(settings: Settings) -> list[BaseRoute]:
    graphql = GraphQLEndpoint(settings)
    return [
        Route("/graphql", graphql.answer, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", graphql.talk),
        Route("/uploads/{upload_id}/{number:int}", upload_part, methods=["PUT"]),
        Route("/downloads/{key:path}", download),
        Route(audit_export.PATH, export_audit_log),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        *client_routes(settings),
    ]


def _middleware(settings: Settings) -> list[Middleware]:
    return [
        Middleware(SecurityHeaders, is_https=settings.public_url.startswith("https:")),
        Middleware(Edge),
        Middleware(
            CORSMiddleware,
            allow_origins=allowed_origins(settings),
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=ALLOWED_HEADERS,
            expose_headers=["X-Request-Id", "Retry-After"],
            allow_credentials=True,
        ),
    ]
