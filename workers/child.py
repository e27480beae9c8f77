"""The child process that runs the stages: requests in on stdin, messages out, one JSON a line.

It imports the heavy libraries, so that the worker's own process stays small and its loop free.
Whatever a library prints goes to stderr: stdout belongs to the messages.
"""

from __future__ import annotations

import os
import queue
import resource
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from store.codec import from_plain, to_plain
from store.records.training import TrainingSpec
from workers.pipeline import stages
from workers.pipeline.ingest import IngestRequest, ingest
from workers.pipeline.progress import BadData, Cancelled, Progress
from workers.pipeline.workspace import Workspace

PROGRESS_INTERVAL_S = 0.1
NICENESS = 5  # answers and heartbeats of other processes on this host go first

Message = dict[str, Any]


class Wire:
    """The two ends of the pipe to the worker, and whether it asked us to stop."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def next_request(self) -> Message:
        return self._requests.get()

    def send(self, message: Message) -> None:
        self._sink.write(orjson.dumps(message) + b"\n")
        self._sink.flush()

    def progress(self) -> Progress:
        """A Progress that tells the worker at most every PROGRESS_INTERVAL_S."""
        told_at = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told_at
            if self._cancelled.is_set():
                raise Cancelled
            now = time.monotonic()
            if now - told_at >= PROGRESS_INTERVAL_S or done == total:
                told_at = now
                self.send({"progress": [done, total]})

        return tell

    def _listen(self) -> None:
        for line in self._source:
            message = orjson.loads(line)
            if message.get("cancel"):
                self._cancelled.set()
            else:
                self._requests.put(message)
        os._exit(1)  # the worker is gone, and so is whoever would want the result


def run_ingest(request: Message, progress: Progress) -> Any:
    """Read the raw file named in the request."""
    asked = from_plain(IngestRequest, request["request"])
    return ingest(Path(request["raw"]), Path(request["out"]), asked, progress)


def run_stage(request: Message, progress: Progress) -> Any:
    """Run one training stage over the request's folder."""
    spec = from_plain(TrainingSpec, request["spec"])
    work = Workspace(Path(request["folder"]))
    return stages.run_stage(request["stage"], work, spec, progress)


CALLS: dict[str, Callable[[Message, Progress], Any]] = {"ingest": run_ingest, "stage": run_stage}


def answer(wire: Wire, request: Message) -> Message:
    """Run one request; every way in which it can end is a message."""
    try:
        result = CALLS[request["call"]](request, wire.progress())
    except Cancelled:
        return {"cancelled": True}
    except BadData as bad:
        problems = to_plain(bad.problems)
        return {"bad_data": {"code": bad.code, "message": str(bad), "problems": problems}}
    except MemoryError:
        return {"fault": {"code": "OUT_OF_MEMORY", "message": "the stage ran out of memory"}}
    except Exception as error:
        traceback.print_exc()
        return {"fault": {"code": "STAGE_FAILED", "message": f"{type(error).__name__}: {error}"}}
    return {"result": to_plain(result)}


def peak_bytes() -> int:
    """The most memory that this process has held; macOS counts bytes, others kibibytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Serve requests until the worker closes the pipe."""
    os.nice(NICENESS)
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    wire = Wire(sys.stdin.buffer, messages)
    wire.send({"ready": True})
    while True:
        message = answer(wire, wire.next_request())
        wire.send(message | {"peak_bytes": peak_bytes()})


if __name__ == "__main__":
    main()
