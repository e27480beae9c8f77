"""Small data sets for tests, and what ingest makes of them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from store.records.dataset import Columns, DataFormat, DataKind, Problem
from workers.pipeline.ingest import Ingested, IngestRequest, ingest
from workers.pipeline.progress import BadData, Progress, silent

SHARED = Path(__file__).parents[4] / "shared" / "data"
"""Data for development; a clone of the repository has none."""

QUESTIONS = (
    ("Where is my card, please?", "card_arrival"),
    ("My card has still not come.", "card_arrival"),
    ("I lost my wallet, and the card in it!", "lost_card"),
    ("Someone stole my card yesterday.", "lost_card"),
    ("How do I change the PIN of my card?", "change_pin"),
    ("Can I pick another PIN at a machine?", "change_pin"),
    ("How long does the delivery of a card take?", "card_arrival"),
    ("The card is gone; what is my next step?", "lost_card"),
    ("May I choose a new PIN abroad?", "change_pin"),
    ("When will the new card be here?", "card_arrival"),
    ("My purse was stolen on the train.", "lost_card"),
    ("The machine refuses my new PIN.", "change_pin"),
)


@dataclass(frozen=True)
class Read:
    """An ingested file with its rows."""

    result: Ingested
    rows: tuple[tuple[str, str | None, str | None], ...]

    @property
    def texts(self) -> list[str]:
        return [row[0] for row in self.rows]

    @property
    def labels(self) -> list[str | None]:
        return [row[1] for row in self.rows]

    @property
    def faults(self) -> list[tuple[str, int | None]]:
        return [(problem.code, problem.line) for problem in self.result.problems]

    @property
    def problem(self) -> Problem:
        (only,) = self.result.problems
        return only


def csv_text(
    rows: tuple[tuple[str, ...], ...] = QUESTIONS,
    header: tuple[str, ...] = ("text", "label"),
    delimiter: str = ",",
    end: str = "\n",
) -> str:
    """A well-formed CSV file; no header if it is empty."""
    every = (header, *rows) if header else rows
    return "".join(delimiter.join(_field(f, delimiter) for f in row) + end for row in every)


def _field(value: str, delimiter: str) -> str:
    if any(sign in value for sign in (delimiter, '"', "\n", "\r")):
        return '"' + value.replace('"', '""') + '"'
    return value


def read(
    folder: Path,
    content: bytes | str,
    filename: str = "rows.csv",
    *,
    kind: DataKind = DataKind.TEXT,
    wanted: DataFormat | None = None,
    columns: Columns | None = None,
    base: tuple[Path, ...] = (),
    progress: Progress = silent,
    **chosen: Any,
) -> Read:
    """Ingest `content`, gzipped first if the name ends so."""
    data = content.encode() if isinstance(content, str) else content
    raw = folder / f"raw-{filename}"
    raw.write_bytes(gzip.compress(data) if filename.endswith(".gz") else data)
    return read_file(
        folder, raw, filename, kind=kind, wanted=wanted, columns=columns, base=base,
        progress=progress, **chosen,
    )  # fmt: skip


def read_file(
    folder: Path,
    raw: Path,
    filename: str,
    *,
    kind: DataKind = DataKind.TEXT,
    wanted: DataFormat | None = None,
    columns: Columns | None = None,
    base: tuple[Path, ...] = (),
    progress: Progress = silent,
    **chosen: Any,
) -> Read:
    """Ingest a file as it is; `chosen` may name its encoding and delimiter."""
    request = IngestRequest(filename, kind, wanted, columns or Columns(), base, **chosen)
    result = ingest(raw, folder / f"out-{filename}", request, progress)
    return Read(result, shard_rows([shard.path for shard in result.shards]))


def shard_rows(paths: list[Path]) -> tuple[tuple[str, str | None, str | None], ...]:
    """Text, label and split of every row."""
    return tuple(
        (row["text"], row["label"], row["split"])
        for path in paths
        for row in pq.read_table(path).to_pylist()
    )


def refused(folder: Path, content: bytes | str, filename: str = "rows.csv", **how: Any) -> BadData:
    """The refusal of a file that must not be taken; nothing but it may come of it."""
    try:
        taken = read(folder, content, filename, **how)
    except BadData as bad:
        assert bad.problems and bad.problems[0].code == bad.code
        assert all(problem.reason and problem.fix for problem in bad.problems)
        return bad
    raise AssertionError(f"taken with {len(taken.rows)} rows")
