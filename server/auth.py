"""The one gate: who calls, and until when they may."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from store.accounts import Accounts
from store.clock import now
from store.errors import Denied, Unavailable
from store.records.viewer import Viewer

RECHECK_S = 10.0
"""How long a stream may outlive the right to it."""
REFRESH_COOKIE = "shoal_refresh"
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Caller:
    """`viewer` is None for whoever showed nothing, or something that does not hold: `denied`."""

    viewer: Viewer | None
    bearer: str = ""
    denied: str = ""


async def identify(accounts: Accounts, authorization: object) -> Caller:
    """The caller behind an `Authorization: Bearer ...`; the log names them. Raises Unavailable."""
    if not isinstance(authorization, str) or not authorization.lower().startswith(_SCHEME):
        return Caller(None)
    bearer = authorization[len(_SCHEME) :].strip()
    if not bearer:
        return Caller(None)
    try:
        viewer = await accounts.authenticate(bearer)
    except Denied as denied:
        return Caller(None, bearer, str(denied))
    structlog.contextvars.bind_contextvars(viewer=viewer.id)
    return Caller(viewer, bearer)


async def until_denied(accounts: Accounts, caller: Caller) -> str:
    """Returns why, as soon as the caller may no longer do what they could at the beginning."""
    viewer = caller.viewer
    while viewer is not None:
        left_s = (viewer.expires_at - now()).total_seconds() if viewer.expires_at else RECHECK_S
        if left_s <= 0:
            return "the access token or API key has expired"
        await asyncio.sleep(min(RECHECK_S, left_s))
        try:
            current = await accounts.authenticate(caller.bearer)
        except Denied as denied:
            return str(denied)
        except Unavailable:  # an outage says nothing about the caller
            continue
        if (current.scopes, current.model_ids) != (viewer.scopes, viewer.model_ids):
            return "what you may do has changed; connect again"
    return "sign in first"
