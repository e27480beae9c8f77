"""One WebSocket's bytes: uvicorn's protocol, with an end for peers that do not read.

uvicorn waits for ever until such a peer takes what was sent, and even to close. Here whatever the
system does not take at once must be gone within PATIENCE_S, or the peer is sent away: with 1013,
which it may still read within GRACE_S, and then by force.
"""

from __future__ import annotations

import logging
import socket
from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from typing import Any, cast

import structlog
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

PATIENCE_S = 10.0
GRACE_S = 5.0
MAX_FRAMES = 1_000
"""That one message may be cut into: empty ones cost memory as well."""
SEND_BUFFER_BYTES = 128 * 1024
"""What the system holds for a peer; left to itself it holds megabytes for each."""
TOO_SLOW = 1013, "read faster"

QUIET = logging.getLogger("uvicorn.websockets")
QUIET.setLevel(logging.WARNING)  # a socket's operations have their own lines
log = structlog.get_logger(__name__)


class SocketProtocol(WebSocketsSansIOProtocol):
    """`pause_writing` comes as soon as the system takes no more."""

    _patience: TimerHandle | None = None
    _unsent_pong: bytes = b""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = QUIET

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)
        connection = cast("socket.socket", transport.get_extra_info("socket"))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    # -- reading ----------------------------------------------------------------------------------

    def handle_cont(self, event: Frame) -> None:
        if self.close_sent:
            return
        if len(self.frames) >= MAX_FRAMES:
            self.conn.fail(1009, f"at most {MAX_FRAMES} frames a message")
            self.handle_parser_exception()
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Text that is no UTF-8 goes on as bytes, which the application refuses as all others."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.curr_msg_data_type = "bytes"
        super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        """Who does not read is owed the last pong alone, however often they ping."""
        pong = b"".join(self.conn.data_to_send())
        if self.writable.is_set():
            self.transport.write(pong)
        else:
            self._unsent_pong = pong

    # -- writing ----------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._patience = self.loop.call_later(PATIENCE_S, self._send_away)

    def resume_writing(self) -> None:
        self._calm()
        super().resume_writing()
        pong, self._unsent_pong = self._unsent_pong, b""
        if pong and not self.close_sent:
            self.transport.write(pong)

    def keepalive_timeout(self) -> None:
        """Nobody is there: do not wait until they take what was sent."""
        super().keepalive_timeout()
        self.disconnected = True  # who sends now is told so
        self.transport.abort()

    def _send_away(self) -> None:
        log.info("socket_too_slow", unsent=self.transport.get_write_buffer_size())
        if not self.close_sent:
            code, reason = TOO_SLOW
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = self.disconnected = True
        self.transport.close()
        self._patience = self.loop.call_later(GRACE_S, self.transport.abort)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
