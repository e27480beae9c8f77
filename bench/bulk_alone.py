"""A bulk prediction's three steps in a process of its own: megabytes at most, and rows a second.

Takes the folder of a bundle and a file of rows.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from store.records.bulk import BulkSpec
from store.records.cluster_view import ClusterNames
from store.records.dataset import DataKind
from workers.host import peak_bytes
from workers.pipeline.bulk.answering import predict_part
from workers.pipeline.bulk.names import write_names
from workers.pipeline.bulk.preparing import PrepareRequest, prepare
from workers.pipeline.bulk.writing import WriteRequest, write
from workers.pipeline.bundle import load_bundle
from workers.pipeline.progress import silent
from workers.pipeline.requests import PartRequest


def main() -> None:
    """Answer every row of the file."""
    folder, rows = map(Path, sys.argv[1:])
    spec, began = BulkSpec(), time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        asked = PrepareRequest(work / "in", DataKind.TEXT, spec, raw=rows, filename=rows.name)
        bundle, found, parts = load_bundle(folder, threads=1), prepare(asked, silent), []
        names = work / "names.json"
        write_names(ClusterNames("", {}, {}), names)
        for part in found.parts:
            parts.append(work / part.path.name)
            predict_part(bundle, PartRequest(folder, part.path, parts[-1], spec, names), silent)
        written = write(WriteRequest(tuple(parts), work / "out", spec.format), silent)
    seconds = time.perf_counter() - began
    print(peak_bytes() / 2**20, written.rows / seconds)


if __name__ == "__main__":
    main()
