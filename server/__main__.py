"""`python -m server`: one server process, stopped by SIGTERM or SIGINT."""

from __future__ import annotations

import uvicorn

from server.app import create_app
from store.logs import configure_logs
from store.settings import Settings

GRACE_S = 5
"""How long streams may go on after the signal to stop."""


def main() -> None:
    """Serve until a signal ends it. Connections whose peer is silent are found by pings."""
    settings = Settings()
    configure_logs(settings)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,  # the cost of each event's sending, times its subscribers
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=GRACE_S,
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
