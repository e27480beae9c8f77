from __future__ import annotations

import io
import tarfile
from collections import Counter
from pathlib import Path

from shoal.demo.wordnet import (
    LEXICAL_FIELDS,
    PARTS_OF_SPEECH,
    SMALLEST_LABEL_ROWS,
    Gloss,
    parse_synset,
    read_glosses,
    stratified,
    write_sample,
)

LICENCE = "  1 This software and database is being provided to you, the LICENSEE, by  \n"
DOG = '02086723 05 n 01 dog 0 001 @ 02085998 n 0000 | a member of the genus Canis; "the dog barked"'


def archive(folder: Path, lines: str) -> Path:
    """A package with the same lines for every part of speech."""
    path = folder / "wordnet.tgz"
    with tarfile.open(path, "w:gz") as package:
        for part in PARTS_OF_SPEECH:
            entry = tarfile.TarInfo(f"package/dict/data.{part}")
            data = (LICENCE + lines).encode()
            entry.size = len(data)
            package.addfile(entry, io.BytesIO(data))
    return path


def test_a_line_gives_its_definition_without_examples_and_its_field() -> None:
    assert parse_synset(DOG) == Gloss("a member of the genus Canis", "noun.animal")


def test_there_are_45_fields() -> None:
    assert len(set(LEXICAL_FIELDS)) == 45


def test_the_licence_is_no_definition(tmp_path: Path) -> None:
    glosses = list(read_glosses(archive(tmp_path, DOG + "\n")))
    assert glosses == [Gloss("a member of the genus Canis", "noun.animal")] * 4


def test_a_sample_keeps_the_shares_and_small_labels() -> None:
    glosses = [Gloss(f"large {n}", "noun.act") for n in range(900)]
    glosses += [Gloss(f"small {n}", "adj.ppl") for n in range(60)]
    sample = stratified(iter(glosses), 96)
    counts = Counter(gloss.label for gloss in sample)
    assert counts.total() == len(set(sample)) == 96
    assert counts["adj.ppl"] >= SMALLEST_LABEL_ROWS - 6


def test_the_sample_is_the_same_every_time(tmp_path: Path) -> None:
    lines = "".join(f"000 {field:02} n 01 x 0 000 | text {field}\n" for field in range(45))
    package = archive(tmp_path, lines)
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    write_sample(first, package, rows=40)
    write_sample(second, package, rows=40)
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_text().splitlines()) == 41
    assert first.read_text().startswith("definition,field\n")
