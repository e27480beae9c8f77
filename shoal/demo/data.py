"""What the demo runs on: WordNet's definitions, or a file of the user's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shoal.demo.wordnet import ARCHIVE, write_sample
from store.digest import sha256_of

NEW_DEFINITIONS = (
    "a small brown bird that sings at night",
    "a thick soup of vegetables and beans",
    "a person who repairs old clocks",
    "to walk slowly and without aim",
    "deep sadness over the loss of a friend",
    "a long period without any rain",
)
"""In nobody's dictionary: the model has never seen them."""


MAX_NAME = 60
"""Characters of a model's name that are taken from a file's."""


class NoData(Exception):
    """There is nothing to run on; the message says what to do."""


@dataclass(frozen=True)
class DemoData:
    path: Path
    name: str
    sha256: str
    columns: dict[str, str] | None
    """Which column means what; None lets the platform propose it."""
    new_texts: tuple[str, ...]
    """Texts to classify at the end; empty takes examples from the report."""

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def wordnet(folder: Path, archive: Path = ARCHIVE) -> DemoData:
    """WordNet's sample, written under `folder` at its first use."""
    path = folder / "wordnet.csv"
    if not path.exists():
        if not archive.exists():
            raise NoData(f"WordNet is not at {archive}; run `make demo`, or name a file of yours")
        write_sample(path, archive)
    columns = {"text": "definition", "label": "field"}
    return DemoData(path, "wordnet", sha256_of(path), columns, NEW_DEFINITIONS)


def own_file(path: Path) -> DemoData:
    """A file as it is, its columns left to the platform."""
    if not path.is_file():
        raise NoData(f"there is no file {path}")
    name = re.sub(r"[^a-z0-9]+", "-", path.name.split(".")[0].lower())[:MAX_NAME].strip("-")
    return DemoData(path, name or "data", sha256_of(path), None, ())
