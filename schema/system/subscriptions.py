"""Following the platform."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from schema.context import Info
from schema.fields import subscription
from schema.permissions import Requires
from schema.system.types import System
from store.records.account import Scope
from store.system.system import SystemState


@strawberry.type
class SystemSubscriptions:
    @subscription(
        Requires(Scope.ADMIN),
        "All of it at once, then again whenever something changed, at most once a second. It is "
        "sent at least every ten seconds: silence means that the stream is dead. For admins.",
        shows=System,
    )
    async def system(self, info: Info) -> AsyncGenerator[SystemState, None]:
        async with aclosing(info.context.store.system.follow()) as states:
            async for state in states:
                yield state
