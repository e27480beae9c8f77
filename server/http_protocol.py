"""One HTTP connection's bytes: uvicorn's protocol, with an end for peers that do not read.

uvicorn waits for ever until such a peer takes its answer, or the next event of its stream. Here a
peer that for PATIENCE_S takes less than what the connection may hold back is cut off.
"""

from __future__ import annotations

from asyncio import TimerHandle

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE_S = 60.0
log = structlog.get_logger(__name__)


class HttpProtocol(HttpToolsProtocol):
    _patience: TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._patience = self.loop.call_later(PATIENCE_S, self._cut_off)

    def resume_writing(self) -> None:
        self._calm()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def _cut_off(self) -> None:
        log.info("peer_too_slow", unsent=self.transport.get_write_buffer_size())
        self.transport.abort()

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
