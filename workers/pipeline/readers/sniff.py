"""Which format a file has. What it holds counts for more than its name."""

from __future__ import annotations

import re
from pathlib import PurePath

import orjson

from store.records.dataset import DataFormat, DataKind
from workers.pipeline.problems import Fault, refusal
from workers.pipeline.progress import BadData
from workers.pipeline.readers.dialect import find_layout, sep_line
from workers.pipeline.readers.fasttext import are_labelled
from workers.pipeline.readers.header import hold_known_name, look_like_names
from workers.pipeline.readers.json_document import is_one_document
from workers.pipeline.readers.parquet import MAGIC

_SUFFIXES = {
    ".csv": DataFormat.CSV, ".tsv": DataFormat.CSV, ".tab": DataFormat.CSV,
    ".psv": DataFormat.CSV, ".jsonl": DataFormat.JSONL, ".ndjson": DataFormat.JSONL,
    ".json": DataFormat.JSONL, ".parquet": DataFormat.PARQUET, ".pq": DataFormat.PARQUET,
    ".txt": DataFormat.TEXT, ".text": DataFormat.TEXT, ".fasta": DataFormat.FASTA,
    ".fa": DataFormat.FASTA, ".fna": DataFormat.FASTA, ".faa": DataFormat.FASTA,
    ".ffn": DataFormat.FASTA, ".fastq": DataFormat.FASTQ, ".fq": DataFormat.FASTQ,
}  # fmt: skip
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "gzip within gzip",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"ARROW1": "an Arrow file",
    b"SQLite format": "a database",
    b"<?xml": "XML",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
_LETTERS_ONLY = re.compile(r"[A-Za-z*.-]+")


def suffix_of(filename: str) -> str:
    """The last suffix, `.gz` aside, in lower case."""
    name = PurePath(filename.lower())
    return PurePath(name.stem).suffix if name.suffix in (".gz", ".gzip") else name.suffix


def refuse_foreign(head: bytes, wanted: DataFormat | None) -> None:
    """Raise BadData for bytes that are no text, and for Parquet where it is or is not wanted."""
    what = next((name for magic, name in _FOREIGN.items() if _begins(head, magic)), None)
    if what:
        raise _wrong_format(f"The file is {what}.")
    if head.startswith(MAGIC) and wanted not in (None, DataFormat.PARQUET):
        raise _wrong_format(f"The file is Parquet, not {wanted}.")
    if wanted is DataFormat.PARQUET and not head.startswith(MAGIC):
        raise _wrong_format("The file is not Parquet.")


def _begins(head: bytes, magic: bytes) -> bool:
    return head.startswith(magic) or head[:100].lstrip().lower().startswith(magic)


def refuse_binary(head: bytes) -> None:
    """Raise BadData where too many bytes are zero for a text of one byte a sign."""
    if head.count(0) * 50 > len(head):
        raise _wrong_format("The file is binary, in no format that is known here.")


def _wrong_format(reason: str) -> BadData:
    fix = "Upload CSV, TSV, JSON, Parquet, plain text, FASTA or FASTQ, gzipped or not."
    return refusal(Fault.WRONG_FORMAT, reason, fix)


def sniff(lines: list[str], filename: str, kind: DataKind) -> DataFormat:
    """The format of a text file, from its first lines and its name."""
    told = _by_content([line.strip() for line in lines if not line.isspace()], kind)
    if told:
        return told
    named = _SUFFIXES.get(suffix_of(filename))
    if named in (None, DataFormat.TEXT):
        return DataFormat.CSV if _is_table(lines, named) else DataFormat.TEXT
    return DataFormat.TEXT if named is DataFormat.PARQUET else named


def _by_content(lines: list[str], kind: DataKind) -> DataFormat | None:
    """Where the first lines leave no doubt."""
    first, second, third, fourth = (*lines[:4], "", "", "", "")[:4]
    if is_one_document(first) or _is_object(first):
        return DataFormat.JSONL
    if first.startswith(">") and (kind is DataKind.SEQUENCE or _LETTERS_ONLY.fullmatch(second)):
        return DataFormat.FASTA
    if first.startswith("@") and third.startswith("+") and len(second) == len(fourth) > 0:
        return DataFormat.FASTQ
    return DataFormat.TEXT if are_labelled(lines) else None


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _is_table(lines: list[str], named: DataFormat | None) -> bool:
    """Text is a table where a header says so, or, without a name, where its records are alike."""
    if lines and sep_line(lines[0]):
        return True
    found = find_layout(lines)
    headed = look_like_names(found.first) and hold_known_name(found.first)
    certain = headed or (named is None and len(found.rows) >= 5)
    return found.dialect.delimiter is not None and found.share > 0.95 and certain
