"""What is shown of rows, and what they are filtered by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.records.search import RowFilter
from workers.pipeline.arrays import Ints, Mask
from workers.pipeline.table import Table

Codes = NDArray[np.int32]
"""(n,): which name each row has, -1 for none."""


@dataclass(frozen=True)
class Columns:
    """n rows in the order of their numbers."""

    numbers: Ints
    texts: NDArray[np.uint8]
    """UTF-8, one text after the other."""
    offsets: Ints
    """(n + 1,): where each text begins."""
    labels: Codes
    label_names: list[str]
    splits: Codes
    split_names: list[str]
    names: list[str | None]
    """What the file called each row; empty where it called none."""

    def __len__(self) -> int:
        return len(self.numbers)

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Raises ValueError for arrays that do not fit each other."""
        numbers, offsets, labels, splits = (
            np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("numbers", "offsets", "labels", "splits")
        )
        label_names, split_names, names = (
            json.loads((folder / f"{name}.json").read_bytes())
            for name in ("labels", "splits", "names")
        )
        texts = np.memmap(folder / "texts.bin", np.uint8, "r")
        if not len(numbers) == len(offsets) - 1 == len(labels) == len(splits):
            raise ValueError("the rows' arrays differ in length")
        if offsets[-1] > len(texts):
            raise ValueError("the rows' texts are cut off")
        if names and len(names) != len(numbers):
            raise ValueError("the rows' names differ in number from them")
        return cls(numbers, texts, offsets, labels, label_names, splits, split_names, names)

    def text(self, place: int) -> str:
        return bytes(self.texts[self.offsets[place] : self.offsets[place + 1]]).decode()

    def label(self, place: int) -> str | None:
        return _name(self.labels[place], self.label_names)

    def split(self, place: int) -> str | None:
        return _name(self.splits[place], self.split_names)

    def name(self, place: int) -> str | None:
        return self.names[place] if self.names else None

    def place_of(self, number: int) -> int | None:
        """Where the row of that number is."""
        place = int(np.searchsorted(self.numbers, number))
        return place if place < len(self) and self.numbers[place] == number else None

    def mask(self, wanted: RowFilter) -> Mask | None:
        """(n,): which rows may be found; None for all of them."""
        masks = []
        if wanted.labels is not None:
            masks.append(_any_of(self.labels, self.label_names, wanted.labels))
        if wanted.splits is not None:
            masks.append(_any_of(self.splits, self.split_names, wanted.splits))
        if wanted.unlabelled is not None:
            masks.append((self.labels < 0) == wanted.unlabelled)
        return np.logical_and.reduce(masks) if masks else None


def write_columns(folder: Path, table: Table) -> None:
    """Leave what `Columns.load` reads."""
    folder.mkdir(parents=True)
    encoded = [text.encode() for text in table.text]
    np.save(folder / "numbers.npy", table.row)
    np.save(folder / "offsets.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
    (folder / "texts.bin").write_bytes(b"".join(encoded))
    called = table.name if any(table.name) else []
    (folder / "names.json").write_text(json.dumps(called, ensure_ascii=False))
    for name, values in (("labels", table.label), ("splits", table.split)):
        names = sorted({value for value in values if value})
        known = {value: code for code, value in enumerate(names)}
        codes = np.array([known[value] if value else -1 for value in values], np.int32)
        np.save(folder / f"{name}.npy", codes)
        (folder / f"{name}.json").write_text(json.dumps(names, ensure_ascii=False))


def _name(code: np.int32, names: Sequence[str]) -> str | None:
    return names[int(code)] if code >= 0 else None


def _any_of(codes: Codes, names: Sequence[str], wanted: Sequence[str]) -> Mask:
    return np.isin(codes, [code for code, name in enumerate(names) if name in set(wanted)])
