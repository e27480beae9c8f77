"""A stage in a process of its own: its crash, or its appetite for memory, is an event here."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog

from store.codec import from_plain
from store.records.dataset import Problem
from workers.pipeline.progress import BadData, Cancelled

LINE_LIMIT_BYTES = 64 * 2**20  # a profile with many problems is one long line
MAX_PEAK_BYTES = 2 * 2**30
OnProgress = Callable[[int, int], Awaitable[None]]
OnLog = Callable[[dict[str, Any]], None]
log = structlog.get_logger()


class ChildDied(Exception):
    """The process ended in the middle of a request."""

    code = "CHILD_DIED"


class StageFault(Exception):
    """The stage raised; `code` is OUT_OF_MEMORY, DISK_FULL or STAGE_FAILED."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Child:
    """One child process; it takes one request at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._is_idle = True
        self._peak_bytes = 0

    @classmethod
    async def start(cls) -> Child:
        """Start a child; it imports its libraries while nobody waits for it yet."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "workers.children.child",
            stdin=PIPE, stdout=PIPE, limit=LINE_LIMIT_BYTES,
        )  # fmt: skip
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def peak_bytes(self) -> int:
        """The most memory that it has held."""
        return self._peak_bytes

    @property
    def is_idle(self) -> bool:
        """No request is under way, and the last one gave a result or refused its data."""
        return self._is_idle

    @property
    def is_fit(self) -> bool:
        """Alive, with nothing under way, and not swollen by what it did before."""
        return (
            self._process.returncode is None and self._is_idle and self._peak_bytes < MAX_PEAK_BYTES
        )

    async def run(
        self, request: dict[str, Any], on_progress: OnProgress, on_log: OnLog | None = None
    ) -> Any:
        """The request's result as plain data; what the child logs meanwhile goes to `on_log`.

        Raises BadData, Cancelled, StageFault, or ChildDied when the process ended first.
        """
        self._is_idle = False
        await self._send(request)
        while True:
            message = await self._receive()
            if "progress" in message:
                await on_progress(*message["progress"])
            elif "log" in message:
                (on_log or _show)(message["log"])
            elif "ready" not in message:
                self._peak_bytes = message["peak_bytes"]
                self._is_idle = bool({"result", "bad_data"} & message.keys())
                return _outcome(message)

    async def ask_to_stop(self) -> None:
        """Have the request at hand end at its next batch."""
        with contextlib.suppress(ChildDied):
            await self._send({"cancel": True})

    def kill(self) -> None:
        self._is_idle = False  # it is still there for a moment, but fit for nothing
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End it for good; it holds nothing that is worth a farewell."""
        self.kill()
        await self._process.wait()

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(orjson.dumps(message) + b"\n")
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ChildDied(await self._epitaph()) from error

    async def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise ChildDied(await self._epitaph())
        message: dict[str, Any] = orjson.loads(line)
        return message

    async def _epitaph(self) -> str:
        code = await self._process.wait()
        if code == -signal.SIGKILL:
            return "the stage's process was killed, most likely for using too much memory"
        return f"the stage's process ended with {code}"


def _show(record: dict[str, Any]) -> None:
    """For work that has no log of its own."""
    log.info("child", level=record["level"], said=record["message"])


def _outcome(message: dict[str, Any]) -> Any:
    if "result" in message:
        return message["result"]
    if "cancelled" in message:
        raise Cancelled
    if bad := message.get("bad_data"):
        problems = tuple(from_plain(Problem, each) for each in bad["problems"])
        raise BadData(bad["code"], bad["message"], problems)
    raise StageFault(message["fault"]["code"], message["fault"]["message"])


class Nursery:
    """Keeps children ready, one a slot at most, so that no job waits for Python's imports."""

    def __init__(self, slots: int = 1) -> None:
        self._slots = slots
        self._spares: list[Child] = []
        self._lent = 0

    async def take(self) -> Child:
        """A spare child that is still fit, else a fresh one."""
        spare = self._spares.pop() if self._spares else None
        child = spare if spare is not None and spare.is_fit else await Child.start()
        self._lent += 1
        return child

    async def give_back(self, child: Child) -> None:
        """Keep the child for the next job, or end it and have another."""
        self._lent -= 1
        if child.is_fit and len(self._spares) < self._slots:
            self._spares.append(child)
            return
        await child.close()
        await self.restock()

    async def restock(self) -> None:
        """Have a spare child, unless all slots have theirs at work."""
        if not self._spares and self._lent < self._slots:
            self._spares.append(await Child.start())

    async def close(self) -> None:
        for spare in self._spares:
            await spare.close()
