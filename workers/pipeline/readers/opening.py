"""From the path of a raw file to the reader that fits it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from store.records.dataset import DataFormat, DataKind, Reading
from workers.pipeline.problems import Fault, refusal
from workers.pipeline.progress import BadData, Progress
from workers.pipeline.readers.csv_reader import open_csv, sample
from workers.pipeline.readers.fasta import FastaReader
from workers.pipeline.readers.fastq import FastqReader
from workers.pipeline.readers.fasttext import FastTextReader, are_labelled
from workers.pipeline.readers.json_document import open_json
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
    wanted: Reading,
    asked: Collection[str],
    progress: Progress,
) -> tuple[Reader, bool]:
    """The reader for `raw`: as it is `wanted`, for the rest as the file tells; and whether it is
    gzipped.

    `asked` are the names of columns that the caller expects. Raises BadData for a file that no
    reader takes.
    """
    source = open_source(raw)
    head = source.head(HEAD)
    if not head.strip():
        raise _empty(source)
    refuse_foreign(head, wanted.format)
    if head.startswith(MAGIC):
        return open_parquet(source, scratch), source.compressed
    surveyed = survey(source, progress, wanted.encoding)
    if not surveyed.encoding.startswith(("utf-16", "utf-32")):
        refuse_binary(head)
    certain = DataFormat.CSV if wanted.delimiter else wanted.format
    first = sample(source, surveyed)
    form = certain or sniff(first, filename, kind)
    if form is DataFormat.CSV:
        prefer = {".tsv": "\t", ".tab": "\t", ".psv": "|"}.get(suffix_of(filename))
        opened = open_csv(source, surveyed, asked, prefer, wanted.delimiter)
        return opened, source.compressed
    if form is DataFormat.TEXT and are_labelled(first):
        return FastTextReader(source, surveyed), source.compressed
    return _open_lines(form, source, surveyed), source.compressed


def _open_lines(form: DataFormat, source: Source, surveyed: Survey) -> Reader:
    match form:
        case DataFormat.JSONL:
            return open_json(source, surveyed)
        case DataFormat.FASTA:
            return FastaReader(source, surveyed)
        case DataFormat.FASTQ:
            return FastqReader(source, surveyed)
        case _:
            return TextReader(source, surveyed)


def _empty(source: Source) -> BadData:
    if source.compressed:
        return refusal(
            Fault.EMPTY_FILE,
            "The compressed file holds nothing that can be read.",
            "Compress and upload it again.",
        )
    return refusal(Fault.EMPTY_FILE, "The file is empty.", "Upload a file with at least one row.")
