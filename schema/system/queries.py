"""The platform at a glance."""

from __future__ import annotations

import strawberry

from schema.context import Info
from schema.fields import query
from schema.permissions import Requires
from schema.system.types import System
from store.records.account import Scope
from store.system.system import SystemState


@strawberry.type
class SystemQueries:
    @query(
        Requires(Scope.ADMIN),
        "Workers, queues, services and storage as they are now; for admins.",
        shows=System,
        cost=5,
    )
    async def system(self, info: Info) -> SystemState:
        return await info.context.store.system.state()
