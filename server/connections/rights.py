"""Whether those who stay connected still may: looked at once for all connections of a token."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

from server.auth import Caller, until_denied
from server.execution.shared import Shared
from store.accounts import Accounts
from store.records.account import Scope

Watch = asyncio.Task[str]
"""Ends with the reason as soon as the caller may no longer do what they could."""


class Rights:
    """One watch a token and process, while anybody is connected with it."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._watches: Shared[tuple[str, frozenset[Scope]], Watch] = Shared(asyncio.Task.cancel)

    def of(self, caller: Caller) -> AbstractContextManager[Watch]:
        scopes = caller.viewer.scopes if caller.viewer else frozenset[Scope]()
        return self._watches.holding((caller.bearer, scopes), lambda: self._watch(caller))

    def _watch(self, caller: Caller) -> Watch:
        return asyncio.create_task(until_denied(self._accounts, caller))
