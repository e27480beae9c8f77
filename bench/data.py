"""The data sets of the figures; they lie beside the repository or nowhere."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


class Missing(Exception):
    """The figure's data is not on this machine."""


@dataclass(frozen=True)
class Rows:
    texts: list[str]
    labels: list[str]


def path_of(name: str) -> Path:
    """The file under the data folder. Raises Missing."""
    path = DATA / name
    if not path.is_file():
        raise Missing(f"{name} is not in {DATA}")
    return path


def banking77(part: str) -> Rows:
    """`train` (10,003 rows) or `test` (3,080), 77 labels (Casanueva et al. 2020)."""
    with path_of(f"banking77/{part}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Rows([row["text"] for row in rows], [row["label"] for row in rows])


def banking77_with_splits(folder: Path) -> Path:
    """Both parts in one CSV whose column `split` says which is which."""
    path = folder / "banking77.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "split"])
        for part in ("train", "test"):
            rows = banking77(part)
            writer.writerows(zip(rows.texts, rows.labels, [part] * len(rows.texts), strict=True))
    return path
