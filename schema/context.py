"""What a resolver may use, made anew for every operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import strawberry

from schema.loaders import Loaders
from store.records.viewer import Viewer
from store.store import Store

SetCookie = Callable[[str | None, int], None]
"""Hands the refresh token and its seconds to live to the browser; None takes it back."""


def _no_cookie(token: str | None, max_age_s: int) -> None:
    """Sockets and programs have no cookie jar."""


@dataclass(frozen=True)
class Context:
    """`viewer` is None until somebody has signed in."""

    store: Store
    viewer: Viewer | None
    loaders: Loaders
    request_id: str
    address: str = ""
    user_agent: str = ""
    refresh_cookie: str | None = None
    """The refresh token that a browser sent along in its httpOnly cookie."""
    set_cookie: SetCookie = _no_cookie

    @property
    def signed_in(self) -> Viewer:
        """The viewer, in a field whose rule has made sure that there is one."""
        if self.viewer is None:
            raise AssertionError("a field without a rule asked for the viewer")
        return self.viewer


Info = strawberry.Info[Context, None]
