"""From an HTTP request to a GraphQL operation; whatever is malformed ends here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request


class BadRequest(Exception):
    """The request is no GraphQL request; `status` is HTTP's."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Operation:
    query: str
    variables: dict[str, Any] | None = None
    name: str | None = None


async def read_operation(request: Request, max_bytes: int) -> Operation:
    """Raises BadRequest."""
    if request.method == "GET":
        return parse_operation(_from_query(request.query_params))
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BadRequest("send the operation as application/json")
    return parse_operation(decode(await _body(request, max_bytes)))


def parse_operation(fields: object) -> Operation:
    """Raises BadRequest unless `fields` is an object with a query and fitting companions."""
    if not isinstance(fields, dict):
        raise BadRequest("the body must be one JSON object; batches are not accepted")
    query, variables = fields.get("query"), fields.get("variables")
    name, extensions = fields.get("operationName"), fields.get("extensions")
    if not isinstance(query, str):
        raise BadRequest("`query` must be the text of a GraphQL document")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest("`variables` must be an object")
    if name is not None and not isinstance(name, str):
        raise BadRequest("`operationName` must be text")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequest("`extensions` must be an object")
    return Operation(query, variables, name or None)


def decode(data: bytes | str) -> object:
    """JSON in UTF-8; orjson bounds depth and size of numbers. Raises BadRequest."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"this is not JSON: {error}") from None


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


def _from_query(parameters: Mapping[str, str]) -> dict[str, object]:
    fields: dict[str, object] = dict(parameters)
    for name in ("variables", "extensions"):
        if text := parameters.get(name):
            fields[name] = decode(text)
        else:
            fields.pop(name, None)
    return fields
