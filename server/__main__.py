"""`python -m server`: one server process, stopped by SIGTERM or SIGINT."""

from __future__ import annotations

import gc
import resource
import sys
from contextlib import suppress

import structlog
import uvicorn

from store.settings import Settings
from store.telemetry.logs import configure_logs

ENOUGH_FILES = 4_096
NOT_STARTED = 3

log = structlog.get_logger(__name__)


def allow_files() -> None:
    """Every socket is an open file, and many systems grant a process 1,024 unless it asks."""
    granted, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if granted < ENOUGH_FILES:
        granted = min(most, ENOUGH_FILES) if most != resource.RLIM_INFINITY else ENOUGH_FILES
        resource.setrlimit(resource.RLIMIT_NOFILE, (granted, most))
    if granted < ENOUGH_FILES:
        log.warning("few_open_files", allowed=granted, hint="raise `ulimit -n` for more sockets")


def loaded(settings: Settings) -> uvicorn.Config:
    """The application, imported without a look for garbage: there is none, and that takes 0.2 s."""
    gc.disable()
    from server.serving import configured  # noqa: PLC0415 -- see above

    config = configured(settings)
    gc.enable()
    return config


def main() -> None:
    """Serve until a signal ends it."""
    settings = Settings()
    configure_logs(settings)
    allow_files()
    server = uvicorn.Server(loaded(settings))
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
