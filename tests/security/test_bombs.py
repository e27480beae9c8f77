"""Uploads that are small to send and large to read: each ends with a reason, in bounded memory."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

MIB = 2**20
MEMORY_MB, DISK_MB = 600, 300
"""More than an ingest of such files may take; each of them expands to more."""

INGEST = """
import os, sys
from pathlib import Path
from store.records.dataset import DataKind
from workers.pipeline.ingest import IngestRequest, ingest
from workers.pipeline.progress import BadData

def read(raw, out):
    try:
        done = ingest(raw, out, IngestRequest(raw.name, DataKind.TEXT), lambda done, total: None)
        what = f"READ {sum(shard.rows for shard in done.shards)} {done.rejected_rows}"
    except BadData as bad:
        what = bad.code
    status = Path("/proc/self/status").read_text()  # a child's ru_maxrss counts its parent's
    memory_mb = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    disk_mb = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) // 2**20
    print(what, memory_mb, disk_mb, sep=";", flush=True)

for line in sys.stdin:
    raw = Path(line.strip())
    if not (child := os.fork()):
        read(raw, raw.parent / "out")
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("DIED", 0, 0, sep=";", flush=True)
"""


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[str]]:
    """Reads each file whose path it is told in a process of its own, with the imports made once."""
    started = subprocess.Popen(
        [sys.executable, "-c", INGEST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[2], env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    yield started
    started.communicate()


def ingested(path: Path, reader: subprocess.Popen[str]) -> str:
    """What comes of the file; how much memory and disk that took is looked at."""
    assert reader.stdin is not None and reader.stdout is not None
    reader.stdin.write(f"{path}\n")
    reader.stdin.flush()
    what, memory_mb, disk_mb = reader.stdout.readline().split(";")
    assert int(memory_mb) < MEMORY_MB
    assert int(disk_mb) < DISK_MB
    return what


def gzipped(begin: bytes, unit: bytes, times: int) -> bytes:
    """What expands to `begin` and then `unit` so many times; made without expanding it."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, wbits=-15)
    return head + (packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)) * times


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(10):
            file.writestr(f"{number}.csv", bytes(10 * MIB))
    return archive.getvalue()


def parquet(table: pa.Table, **how: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **how)  # type: ignore[arg-type]
    return file.getvalue()


def recurring() -> bytes:
    """100 GB of text, of which the file holds each value once."""
    one = pa.array(["a" * (MIB // 2)])
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), one)
    return parquet(pa.table({"text": text}))


def packed() -> bytes:
    text = pa.array(["a" * MIB] * 100)
    return parquet(pa.table({"text": text}), compression="zstd", use_dictionary=False)


def keys() -> bytes:
    rows = ({f"k{row}_{n}": "a b" for n in range(100)} for row in range(2_500))
    return b"\n".join(map(orjson.dumps, rows))


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros.csv.gz": (lambda: gzipped(b"text\n", bytes(MIB), 2_000), "EXPANDS_TOO_FAR"),
    "columns.csv.gz": (lambda: gzipped(b"text,", b"label," * 100_000, 400), "EXPANDS_TOO_FAR"),
    "parquet.gz": (lambda: gzipped(b"PAR1", bytes(MIB), 200), "EXPANDS_TOO_FAR"),
    "archive.zip": (zipped, "WRONG_FORMAT"),
    "archive.csv": (zipped, "WRONG_FORMAT"),
    "within.csv.gz": (lambda: gzipped(gzipped(b"a", b"b", 1), bytes(9), 1), "WRONG_FORMAT"),
    "line.csv": (lambda: b"text,label\n" + b"a" * (100 * MIB) + b"\ngood words,b\n", "READ 1 1"),
    "only line.csv": (lambda: b"a" * (100 * MIB), "NO_GOOD_ROWS"),
    "columns.csv": (lambda: b"a," * (4 * MIB) + b"\nx,y\n", "TOO_MANY_COLUMNS"),
    "quote.csv": (lambda: b'text,label\n"' + b"a\n" * (500_000), "NO_GOOD_ROWS"),
    "names.jsonl": (keys, "TOO_MANY_COLUMNS"),
    "lists.jsonl": (lambda: (b'{"text":[' + b"0," * MIB + b"0]}\n") * 8, "NO_TEXT_COLUMN"),
    "deep.jsonl": (lambda: b'{"text":' + b"[" * 500_000 + b"]" * 500_000 + b"}", "NO_GOOD_ROWS"),
    "recurring.parquet": (recurring, "EXPANDS_TOO_FAR"),
    "packed.parquet": (packed, "EXPANDS_TOO_FAR"),
    "columns.parquet": (lambda: parquet(pa.table({f"c{n}": [1] for n in range(10_001)})),
                        "TOO_MANY_COLUMNS"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_among_the_uploads(tmp_path: Path, name: str, reader: subprocess.Popen[str]) -> None:
    make, expected = BOMBS[name]
    path = tmp_path / name
    path.write_bytes(make())
    assert ingested(path, reader) == expected
