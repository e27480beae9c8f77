"""Uploads that are small to send and large to read: each ends with a reason, in bounded memory."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

MIB = 2**20
MEMORY_MB, DISK_MB = 600, 300
"""More than an ingest of such files may take; each of them expands to more."""

INGEST = """
import sys
from pathlib import Path
from store.records.dataset import DataKind
from workers.pipeline.ingest import IngestRequest, ingest
from workers.pipeline.progress import BadData

raw, out = Path(sys.argv[1]), Path(sys.argv[2])
try:
    done = ingest(raw, out, IngestRequest(raw.name, DataKind.TEXT), lambda done, total: None)
    print("READ", sum(shard.rows for shard in done.shards), done.rejected_rows)
except BadData as bad:
    print(bad.code)
status = Path("/proc/self/status").read_text()  # a child's ru_maxrss counts its parent's
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
print(sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) // 2**20)
"""


def ingested(path: Path) -> str:
    """What comes of the file, in a process of its own whose memory and disk are looked at."""
    command = [sys.executable, "-c", INGEST, str(path), str(path.parent / "out")]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=True, cwd=root,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    what, memory_mb, disk_mb = done.stdout.splitlines()
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
def test_a_bomb_among_the_uploads(tmp_path: Path, name: str) -> None:
    make, expected = BOMBS[name]
    path = tmp_path / name
    path.write_bytes(make())
    assert ingested(path) == expected
