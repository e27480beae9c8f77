"""Uploads: bytes travel straight to the object store, never through GraphQL."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.enums import show_enum
from schema.nodes import Node, shows
from schema.scalars import BigInt
from store.objects import UploadTicket as TicketRecord
from store.records import dataset as records

show_enum(
    records.UploadStatus,
    "How far an upload is.",
    OPEN="Its bytes may be sent.",
    COMPLETE="Its bytes are there and are those that were announced.",
)


@strawberry.type(description="A promise of bytes.")
class Upload(Node):
    is_type_of = shows(records.Upload)

    filename: str = strawberry.field(description="The file's name.")
    size: BigInt = strawberry.field(description="Bytes announced.")
    sha256: str | None = strawberry.field(description="SHA-256 announced, or found on completion.")
    status: records.UploadStatus = strawberry.field(description="How far it is.")
    created_at: datetime = strawberry.field(description="When it was announced.")
    expires_at: datetime = strawberry.field(description="When an open upload is forgotten.")


@strawberry.type(description="Where one part of a file is sent.")
class PartUrl:
    number: int = strawberry.field(description="1 for the first part.")
    url: str = strawberry.field(description="Send the part's bytes there, with no other headers.")
    offset: BigInt = strawberry.field(description="Where the part begins in the file.")
    size: BigInt = strawberry.field(description="Its bytes.")


@strawberry.type(description="A header to send along with every part.")
class Header:
    name: str = strawberry.field(description="Its name.")
    value: str = strawberry.field(description="Its value.")


def _headers(ticket: strawberry.Parent[TicketRecord]) -> list[Header]:
    return [Header(name=name, value=value) for name, value in ticket.headers.items()]


@strawberry.type(description="How to send an upload's bytes.")
class UploadTicket:
    upload_id: strawberry.ID = strawberry.field(description="The upload.")
    method: str = strawberry.field(description="The HTTP method, `PUT`.")
    parts: list[PartUrl] = strawberry.field(
        description="The file's parts in their order, at most 10,000; any order of sending will do."
    )
    headers: list[Header] = strawberry.field(
        resolver=_headers, description="Headers of every part, at most 10."
    )
