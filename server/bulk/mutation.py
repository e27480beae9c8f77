"""A bulk mutation: one run for each line of variables, its outcome a line of the result."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import orjson
from strawberry.types import ExecutionResult

from schema.documents.limits import unread_excess
from schema.operations.lines import LineMutation, payload_of
from server.bulk.calls import Calls, Fault
from server.bulk.sheet import Sheet
from store.errors import TooExpensive

MAX_LINE_BYTES = 2**20
Advanced = Callable[[], Awaitable[None]]
Outcome = dict[str, Any]


class BulkMutation:
    """`root_id` is what keys of lines are derived from: the same for who goes on with its work."""

    def __init__(self, mutation: LineMutation, root_id: str, calls: Calls, sheet: Sheet) -> None:
        self._mutation = mutation
        self._root_id = root_id
        self._calls = calls
        self._sheet = sheet

    async def run(self, data: AsyncIterator[bytes], advanced: Advanced) -> None:
        """Do every line that is left, one after the other."""
        before, number = self._sheet.tally.done, 0
        async for line in split(data):
            number += 1
            if number <= before:
                continue
            if line.strip():
                outcome, failed = await self._outcome(line, number)
                self._sheet.write({"line": number, **outcome})
                tally = self._sheet.tally
                self._sheet.tally = replace(tally, failed=tally.failed + failed)
            self._sheet.tally = replace(self._sheet.tally, done=number)
            if await self._sheet.keep():
                await advanced()
        self._sheet.tally = replace(self._sheet.tally, is_whole=True)
        await self._sheet.keep(at_once=True)
        await advanced()

    async def _outcome(self, line: bytes, number: int) -> tuple[Outcome, bool]:
        """What came of one line, and whether the mutation was not carried out."""
        try:
            variables = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return _no_line("BAD_LINE", f"this is not JSON: {error}"), True
        if not isinstance(variables, dict):
            return _no_line("BAD_LINE", "a line is one JSON object, the variables"), True
        if excess := unread_excess("", variables):
            return _no_line("TOO_LARGE", excess), True
        keyed = self._mutation.variables(variables, f"{self._root_id}:{number}")
        try:
            return _shown(await self._calls.result(self._mutation.document, keyed))
        except TooExpensive as refused:
            return _no_line(refused.code, str(refused)), True


async def split(data: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines. Raises Fault for one that is too long to be any."""
    rest = bytearray()
    async for chunk in data:
        rest += chunk
        *lines, last = rest.split(b"\n")
        for line in lines:
            yield bytes(line)
        rest = last
        if len(rest) > MAX_LINE_BYTES:
            raise Fault("LINE_TOO_LONG", f"a line has more than {MAX_LINE_BYTES:,} bytes")
    if rest:
        yield bytes(rest)


def _shown(result: ExecutionResult) -> tuple[Outcome, bool]:
    data, failed = payload_of(result.data)
    errors = [error.formatted for error in result.errors or ()]
    return ({"data": data, "errors": errors} if errors else {"data": data}), failed


def _no_line(code: str, message: str) -> Outcome:
    return {"data": None, "errors": [{"message": message, "extensions": {"code": code}}]}
