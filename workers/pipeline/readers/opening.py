"""From the path of a raw file to the reader that fits it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from store.records.dataset import DataFormat, DataKind
from workers.pipeline.problems import Fault, refusal
from workers.pipeline.progress import BadData, Progress
from workers.pipeline.readers.csv_reader import open_csv, sample
from workers.pipeline.readers.fasta import FastaReader
from workers.pipeline.readers.fastq import FastqReader
from workers.pipeline.readers.jsonl import open_jsonl
from workers.pipeline.readers.parquet import MAGIC, open_parquet
from workers.pipeline.readers.protocol import Reader
from workers.pipeline.readers.sniff import refuse_binary, refuse_foreign, sniff, suffix_of
from workers.pipeline.readers.source import Source, open_source
from workers.pipeline.readers.survey import HEAD, Survey, survey
from workers.pipeline.readers.text import TextReader


def open_reader(
    raw: Path,
    scratch: Path,
    *,
    filename: str,
    kind: DataKind,
    wanted: DataFormat | None,
    asked: Collection[str],
    progress: Progress,
) -> tuple[Reader, bool]:
    """The reader for `raw`: of the format `wanted`, or of the one that the file tells;
    and whether it is gzipped.

    `asked` are the names of columns that the caller expects. Raises BadData for a file that no
    reader takes.
    """
    source = open_source(raw)
    head = source.head(HEAD)
    if not head.strip():
        raise _empty(source)
    refuse_foreign(head, wanted)
    if head.startswith(MAGIC):
        return open_parquet(source, scratch), source.compressed
    surveyed = survey(source, progress)
    if surveyed.encoding in ("utf-8", "cp1252", "iso-8859-1"):
        refuse_binary(head)
    form = wanted or sniff(sample(source, surveyed), filename, kind)
    return _open_text(form, source, surveyed, asked, filename), source.compressed


def _open_text(
    form: DataFormat, source: Source, surveyed: Survey, asked: Collection[str], filename: str
) -> Reader:
    match form:
        case DataFormat.JSONL:
            return open_jsonl(source, surveyed)
        case DataFormat.FASTA:
            return FastaReader(source, surveyed)
        case DataFormat.FASTQ:
            return FastqReader(source, surveyed)
        case DataFormat.TEXT:
            return TextReader(source, surveyed)
        case _:
            prefer = {".tsv": "\t", ".tab": "\t", ".psv": "|"}.get(suffix_of(filename))
            return open_csv(source, surveyed, asked, prefer)


def _empty(source: Source) -> BadData:
    if source.compressed:
        return refusal(
            Fault.EMPTY_FILE,
            "The compressed file holds nothing that can be read.",
            "Compress and upload it again.",
        )
    return refusal(Fault.EMPTY_FILE, "The file is empty.", "Upload a file with at least one row.")
