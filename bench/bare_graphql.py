"""What a list costs without a platform: Strawberry's own ASGI app, its two caches, and no guard.

The same records come from the same MongoDB by the same query. Runs as a process of its own, with
the arguments port, MongoDB URI, database and owner.
"""

from __future__ import annotations

import sys
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
import uvicorn
from motor.motor_asyncio import AsyncIOMotorClient
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

port, uri, database, owner = sys.argv[1:]
jobs_of = AsyncIOMotorClient(uri, tz_aware=True)[database]["jobs"]


@strawberry.enum
class JobKind(Enum):
    INGEST = "INGEST"


@strawberry.enum
class JobStatus(Enum):
    SUCCEEDED = "SUCCEEDED"


@strawberry.enum
class Priority(Enum):
    NORMAL = "NORMAL"


@strawberry.type
class Job:
    id: strawberry.ID
    kind: JobKind
    status: JobStatus
    priority: Priority
    attempt: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    worker: str | None
    revision: int


@strawberry.type
class Jobs:
    nodes: list[Job]


@strawberry.type
class Query:
    @strawberry.field
    async def jobs(self, first: int) -> Jobs:
        found = jobs_of.find({"owner_id": owner}).sort("_id", -1).limit(first + 1)
        return Jobs(nodes=[_job(each) for each in (await found.to_list(first + 1))[:first]])


def _job(document: dict[str, Any]) -> Job:
    return Job(
        id=document["_id"],
        kind=JobKind(document["kind"]),
        status=JobStatus(document["status"]),
        priority=Priority(document["priority"]),
        attempt=document["attempt"],
        created_at=document["created_at"],
        started_at=document["started_at"],
        ended_at=document["ended_at"],
        worker=document["worker"],
        revision=document["revision"],
    )


SCHEMA = strawberry.Schema(Query, extensions=[ParserCache(), ValidationCache()])

if __name__ == "__main__":
    app: Any = GraphQL(SCHEMA)
    uvicorn.run(app, host="127.0.0.1", port=int(port), loop="uvloop", http="httptools",
                log_config=None, access_log=False)  # fmt: skip
