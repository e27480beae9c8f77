"""From which pages a browser may call."""

from __future__ import annotations

from urllib.parse import urlsplit

from store.settings import Settings


def allowed_origins(settings: Settings) -> frozenset[str]:
    """The server's own origin and those that the settings name."""
    own = urlsplit(settings.public_url)
    return frozenset({f"{own.scheme}://{own.netloc}", *settings.allowed_origins})


def may_connect(origin: str | None, host: str | None, allowed: frozenset[str]) -> bool:
    """Whether a WebSocket may open: programs send no origin, pages must be of one we know."""
    if origin is None or origin in allowed:
        return True
    return bool(host) and origin in (f"http://{host}", f"https://{host}")
