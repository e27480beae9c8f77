"""The child process that runs the stages: requests in on stdin, messages out, one JSON a line.

It imports the heavy libraries, so that the worker's own process stays small and its loop free.
Whatever a library prints goes to stderr: stdout belongs to the messages.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from store import disk
from store.codec import from_plain, to_plain
from store.records.quality import CheckSpec
from store.records.training import TrainingSpec
from store.records.trial import RowFix
from workers.children.childlog import send_logs
from workers.host import peak_bytes
from workers.pipeline.bulk.answering import Bundles, predict_part
from workers.pipeline.bulk.preparing import PrepareRequest, prepare
from workers.pipeline.bulk.writing import WriteRequest, write
from workers.pipeline.comparing import compare
from workers.pipeline.drift.measuring import measure
from workers.pipeline.edits import EditRequest, edit
from workers.pipeline.embed_shards import ShardRequest, embed_shard, plan
from workers.pipeline.ingest import IngestRequest, ingest
from workers.pipeline.progress import BadData, Cancelled, Progress
from workers.pipeline.quality.stages import lay, run_check_stage
from workers.pipeline.refit.trying import run_judge, run_refit
from workers.pipeline.requests import CompareRequest, DriftRequest, PartRequest
from workers.pipeline.search.building import build, lay_rows
from workers.pipeline.stages import running
from workers.pipeline.workspace import Workspace

PROGRESS_INTERVAL_S = 0.1
NO_MEMORY = ("allocate memory", "bad_alloc", "Cannot allocate", "can't start new thread")
"""How libraries tell it that raise no MemoryError."""
BUNDLES = Bundles()
NICENESS = 5  # answers and heartbeats of other processes on this host go first

Message = dict[str, Any]
log = logging.getLogger("workers.children.child")


class Wire:
    """The two ends of the pipe to the worker, and whether it asked us to stop."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._sending = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def next_request(self) -> Message:
        return self._requests.get()

    def send(self, message: Message) -> None:
        line = orjson.dumps(message) + b"\n"
        with self._sending:  # any thread of a stage may log
            self._sink.write(line)
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


def run_edit(request: Message, progress: Progress) -> Any:
    """Apply the list of edits named in the request."""
    asked = from_plain(EditRequest, request["request"])
    return edit(Path(request["raw"]), Path(request["out"]), asked, progress)


def run_stage(request: Message, progress: Progress) -> Any:
    """Run one training stage over the request's folder."""
    spec = from_plain(TrainingSpec, request["spec"])
    work = Workspace(Path(request["folder"]))
    return running.run_stage(request["stage"], work, spec, progress, request.get("before_s", 0.0))


def run_lay(request: Message, progress: Progress) -> Any:
    """Lay a version's rows out for a check."""
    return lay(Workspace(Path(request["folder"])))


def run_check(request: Message, progress: Progress) -> Any:
    """Run one stage of a check over the request's folder."""
    spec = from_plain(TrainingSpec, request["spec"])
    asked = from_plain(CheckSpec, request["check"])
    return run_check_stage(
        request["stage"], Workspace(Path(request["folder"])), spec, asked, progress
    )


def run_plan(request: Message, progress: Progress) -> Any:
    """Cut what is to be embedded into shards."""
    spec = from_plain(TrainingSpec, request["spec"])
    return plan(Workspace(Path(request["folder"])), spec, progress)


def run_shard(request: Message, progress: Progress) -> Any:
    """Embed one shard."""
    return embed_shard(from_plain(ShardRequest, request["shard"]), progress)


def run_prepare(request: Message, progress: Progress) -> Any:
    """Cut what is to be answered in bulk into parts."""
    return prepare(from_plain(PrepareRequest, request["request"]), progress)


def run_predict_part(request: Message, progress: Progress) -> Any:
    """Answer one part."""
    asked = from_plain(PartRequest, request["request"])
    return predict_part(BUNDLES.at(asked.bundle), asked, progress)


def run_write(request: Message, progress: Progress) -> Any:
    """Put the answered parts together."""
    return write(from_plain(WriteRequest, request["request"]), progress)


def run_lay_rows(request: Message, progress: Progress) -> Any:
    """Lay the rows of a version that is to be indexed."""
    return lay_rows(Workspace(Path(request["folder"])), progress)


def run_build(request: Message, progress: Progress) -> Any:
    """Make a search index out of rows and their vectors."""
    spec = from_plain(TrainingSpec, request["spec"])
    return build(Workspace(Path(request["folder"])), spec, progress)


def run_compare(request: Message, progress: Progress) -> Any:
    """Ask two bundles the same."""
    return compare(from_plain(CompareRequest, request["request"]), progress)


def run_drift(request: Message, progress: Progress) -> Any:
    """Compare what a bundle was asked with what it learnt from."""
    return measure(from_plain(DriftRequest, request["request"]), progress)


def run_fits(request: Message, progress: Progress) -> Any:
    """Fit a training's head again, to its own labels and to corrected ones."""
    fixes = [from_plain(RowFix, each) for each in request["fixes"]]
    return run_refit(Workspace(Path(request["folder"])), fixes, progress)


def run_comparison(request: Message, progress: Progress) -> Any:
    """Compare the two heads."""
    return run_judge(Workspace(Path(request["folder"])), progress)


CALLS: dict[str, Callable[[Message, Progress], Any]] = {
    "ingest": run_ingest,
    "edit": run_edit,
    "stage": run_stage,
    "lay": run_lay,
    "check": run_check,
    "plan_embedding": run_plan,
    "embed_shard": run_shard,
    "lay_rows": run_lay_rows,
    "build_index": run_build,
    "prepare_bulk": run_prepare,
    "predict_part": run_predict_part,
    "write_bulk": run_write,
    "refit": run_fits,
    "compare": run_compare,
    "drift": run_drift,
    "judge": run_comparison,
}


def fault_of(error: Exception, request: Message) -> Message:
    """What the worker is told of an error that is no refusal of the data."""
    folder = Path(request.get("folder") or request.get("out") or request["shard"]["out"])
    if isinstance(error, OSError) and disk.is_full(error, folder):
        return {"code": "DISK_FULL", "message": disk.full(folder)}
    log.error("the stage broke", exc_info=error)
    told = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError) or any(sign in told for sign in NO_MEMORY):
        return {"code": "OUT_OF_MEMORY", "message": f"the stage ran out of memory ({told})"}
    return {"code": "STAGE_FAILED", "message": told}


def answer(wire: Wire, request: Message) -> Message:
    """Run one request; every way in which it can end is a message."""
    try:
        result = CALLS[request["call"]](request, wire.progress())
    except Cancelled:
        return {"cancelled": True}
    except BadData as bad:
        problems = to_plain(bad.problems)
        return {"bad_data": {"code": bad.code, "message": str(bad), "problems": problems}}
    except Exception as error:
        return {"fault": fault_of(error, request)}
    return {"result": to_plain(result)}


def main() -> None:
    """Serve requests until the worker closes the pipe."""
    os.nice(NICENESS)
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    wire = Wire(sys.stdin.buffer, messages)
    send_logs(wire.send)
    wire.send({"ready": True})
    while True:
        message = answer(wire, wire.next_request())
        wire.send(message | {"peak_bytes": peak_bytes()})


if __name__ == "__main__":
    main()
