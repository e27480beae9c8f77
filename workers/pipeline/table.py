"""The rows of a training, in memory as columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from workers.pipeline.arrays import Ints, Places


@dataclass(frozen=True)
class Table:
    """n rows. `group` is the same number for rows of equal text."""

    row: Ints
    """Numbers of the rows in the data set's version."""
    text: list[str]
    label: list[str | None]
    split: list[str | None]
    group: Ints
    name: list[str | None]
    """What the file called each row; None for most."""

    def __len__(self) -> int:
        return len(self.text)

    def take(self, places: Places) -> Table:
        """The rows at `places`, in that order."""
        return Table(
            self.row[places], [self.text[i] for i in places], [self.label[i] for i in places],
            [self.split[i] for i in places], self.group[places],
            [self.name[i] for i in places],
        )  # fmt: skip

    def write(self, path: Path) -> None:
        columns = {
            "row": self.row, "text": pa.array(self.text, pa.string()),
            "label": pa.array(self.label, pa.string()),
            "split": pa.array(self.split, pa.string()), "group": self.group,
            "name": pa.array(self.name, pa.string()),
        }  # fmt: skip
        pq.write_table(pa.table(columns), path, compression="zstd")

    @classmethod
    def read(cls, path: Path) -> Table:
        found = pq.read_table(path)
        return _table(found, found["group"].to_numpy())


def read_shards(folder: Path) -> Table:
    """Every row of the shards under `folder`, grouped by text."""
    shards = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    found = pa.concat_tables(shards, promote_options="default")  # older shards have no names
    texts: list[str] = [str(text) for text in found["text"].to_pylist()]
    return _table(found, groups_of(texts))


def _table(found: Any, group: Ints) -> Table:
    text, label, split = (found[name].to_pylist() for name in ("text", "label", "split"))
    name = found["name"].to_pylist() if "name" in found.column_names else [None] * len(text)
    return Table(found["row"].to_numpy(), text, label, split, group, name)


def groups_of(texts: list[str]) -> Ints:
    """(n,): rows whose texts differ only in case and white space share a number."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(plain(text), len(known)) for text in texts], np.int64)


def plain(text: str) -> str:
    """Without what texts may differ in and be equal."""
    return " ".join(text.casefold().split())
