"""How uvicorn serves the application."""

from __future__ import annotations

import uvicorn

from server.app import create_app
from server.connections.protocol import SocketProtocol
from server.http.protocol import HttpProtocol
from store.settings import Settings

GRACE_S = 5
"""How long streams may go on after the signal to stop."""
PING_S = 20.0
"""A WebSocket's peer is pinged this often, and gone when it does not answer for as long."""


def configured(settings: Settings) -> uvicorn.Config:
    """For one server process."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=HttpProtocol,
        ws=SocketProtocol,
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,  # the cost of each event's sending, times its subscribers
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        timeout_graceful_shutdown=GRACE_S,
        log_config=None,
        access_log=False,
        # else whoever speaks to this machine could choose the address that we note and throttle
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
    )
