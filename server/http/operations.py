"""From an HTTP request to a GraphQL operation; whatever is malformed ends here."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request

from server.trusted import Trusted
from store.records.viewer import Viewer

MAX_NAME = 256
BODY_TIMEOUT_S = 30.0
"""How long a caller may take to send it."""
PREFLIGHTED = ("apollo-require-preflight", "x-apollo-operation-name")
"""Headers that a page of another origin cannot send before the server has allowed it."""
SIMPLE_TYPES = ("", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
"""What such a page can send unasked."""
_CODES = {
    403: "UNTRUSTED_DOCUMENT", 404: "PERSISTED_QUERY_NOT_FOUND", 405: "METHOD_NOT_ALLOWED",
    408: "TIMEOUT", 413: "TOO_LARGE", 504: "TIMEOUT",
}  # fmt: skip
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class BadRequest(Exception):
    """The request is no GraphQL request; `status` is HTTP's."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status

    @property
    def code(self) -> str:
        """As errors tell it."""
        return _CODES.get(self.status, "BAD_REQUEST")


@dataclass(frozen=True, slots=True)
class Operation:
    query: str
    variables: dict[str, Any] | None = None
    name: str | None = None


async def read_operation(request: Request, max_bytes: int) -> Operation:
    """Raises BadRequest."""
    trusted: Trusted = request.state.trusted
    if request.method != "POST":
        _must_be_preflighted(request.headers)
        return parse_operation(_with_text(_from_query(request.query_params), trusted))
    _must_be_json(request.headers)
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            body = await _body(request, max_bytes)
    except TimeoutError:
        raise BadRequest(f"the body did not come within {BODY_TIMEOUT_S:.0f} s", 408) from None
    return parse_operation(_with_text(decode(body), trusted))


def must_be_trusted(operation: Operation, trusted: Trusted, viewer: Viewer | None) -> None:
    """Raises BadRequest."""
    if trusted.refuses(operation.query, viewer):
        raise BadRequest("this server answers its own client alone; use an API key", 403)


def parse_operation(fields: object) -> Operation:
    """Raises BadRequest unless `fields` is an object with a query and fitting companions."""
    if isinstance(fields, list):
        raise BadRequest("batching is off: send one operation a request, as a JSON object")
    if not isinstance(fields, dict):
        raise BadRequest("an operation is one JSON object")
    query, variables = fields.get("query"), fields.get("variables")
    name, extensions = fields.get("operationName"), fields.get("extensions")
    if not isinstance(query, str):
        raise BadRequest("`query` must be the text of a GraphQL document")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest("`variables` must be an object")
    if name is not None and not (isinstance(name, str) and len(name) <= MAX_NAME):
        raise BadRequest(f"`operationName` must be text of at most {MAX_NAME} characters")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequest("`extensions` must be an object")
    return Operation(query, variables, name or None)


def decode(data: bytes | str) -> object:
    """JSON in UTF-8; orjson bounds depth and size of numbers. Raises BadRequest."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"this is not JSON: {error}") from None


def _with_text(fields: object, trusted: Trusted) -> object:
    """What names a document instead of sending it gets the text, if it is one of our client's.

    As GraphQL over HTTP has it (`documentId`), or Apollo (`extensions.persistedQuery`).
    """
    if not isinstance(fields, dict) or fields.get("query"):
        return fields
    extensions = fields.get("extensions")
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    named = persisted.get("sha256Hash") if isinstance(persisted, dict) else fields.get("documentId")
    if named is None:
        return fields
    digest = _DIGEST.fullmatch(named) if isinstance(named, str) else None
    text = trusted.text(digest[1]) if digest else None
    if text is None:
        raise BadRequest("PersistedQueryNotFound", 404)  # which makes Apollo send the text
    return fields | {"query": text}


def _must_be_preflighted(headers: Headers) -> None:
    """Refuses what any page can make a browser send, with its cookies, by a mere link.

    A bearer token is as good as the headers that are named for it: no browser adds one by itself.
    """
    if any(headers.get(name) for name in PREFLIGHTED):
        return
    if headers.get("authorization", "").lower().startswith("bearer "):
        return
    if _media_type(headers.get("content-type", ""))[0] in SIMPLE_TYPES:
        raise BadRequest("by GET, send a header that other sites cannot: Apollo-Require-Preflight")


def _must_be_json(headers: Headers) -> None:
    name, charset = _media_type(headers.get("content-type", ""))
    if name != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise BadRequest("send the operation as application/json, in UTF-8", 415)
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequest("send the body as it is: no content encoding is accepted", 415)


@lru_cache(maxsize=64)
def _media_type(content_type: str) -> tuple[str, str]:
    """The name of the body's type, and its charset."""
    name, *parameters = content_type.lower().split(";")
    given = dict(each.strip().partition("=")[::2] for each in parameters)
    return name.strip(), given.get("charset", "").strip('"')


async def _body(request: Request, max_bytes: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    body = bytearray()
    if not announced.isdigit() or int(announced) <= max_bytes:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                break
        else:
            return bytes(body)
    raise BadRequest(f"the body is larger than {max_bytes:,} bytes", 413)


def _from_query(parameters: QueryParams) -> dict[str, object]:
    fields: dict[str, object] = dict(parameters)
    if len(parameters.multi_items()) > len(fields):
        raise BadRequest("a parameter is given twice")
    for name in ("variables", "extensions"):
        if text := parameters.get(name):
            fields[name] = decode(text)
        else:
            fields.pop(name, None)
    return fields
