"""One HTTP connection's bytes: uvicorn's protocol, with an end for peers that are too slow.

uvicorn waits for ever until a peer has sent its headers, and until it takes its answer or the next
event of its stream. Here a peer is cut off that tells its headers for longer than HEAD_TIMEOUT_S or
tells more than MAX_HEAD_BYTES of them, or that for PATIENCE_S takes less than what the connection
may hold back.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE_S = 60.0
HEAD_TIMEOUT_S = 20.0
MAX_HEAD_BYTES = 64 * 1024
HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)
log = structlog.get_logger(__name__)


class HttpProtocol(HttpToolsProtocol):
    _patience: TimerHandle | None = None
    _head: TimerHandle | None = None
    """Runs while headers are awaited."""
    _head_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        self._has_head()
        super().connection_lost(exc)

    # -- reading ----------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(HEAD_TOO_LARGE)
                self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        # it holds us, and uvicorn lets go of it only when an HTTP connection is lost
        self.parser = None  # type: ignore[assignment]

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        if self._head is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        self._has_head()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._head = self.loop.call_later(HEAD_TIMEOUT_S, self.transport.close)

    def _has_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    # -- writing ----------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._patience = self.loop.call_later(PATIENCE_S, self._cut_off)

    def resume_writing(self) -> None:
        self._calm()
        super().resume_writing()

    def _cut_off(self) -> None:
        log.info("peer_too_slow", unsent=self.transport.get_write_buffer_size())
        self.transport.abort()

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
