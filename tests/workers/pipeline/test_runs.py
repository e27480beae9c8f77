"""TF-IDF of biological sequences, whose words are runs of letters."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np

from workers.pipeline.embedders import encoders, lsa
from workers.pipeline.embedders.tfidf import TfidfEncoder, runs
from workers.pipeline.progress import silent

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"


def proteins(family: str, count: int) -> list[str]:
    """Of one ancestor, with one letter in six changed."""
    letters, chance = Random(family), Random(f"{family} changes")
    ancestor = letters.choices(AMINO_ACIDS, k=120)
    return [
        "".join(chance.choice(AMINO_ACIDS) if chance.random() < 1 / 6 else x for x in ancestor)
        for _ in range(count)
    ]


def test_tfidf_tells_proteins_apart_by_runs_of_letters(tmp_path: Path) -> None:
    lsa.fit([*proteins("kinase", 10), *proteins("globin", 10)], tmp_path, 16, silent)
    encoder = encoders.load(tmp_path)
    assert isinstance(encoder, TfidfEncoder) and encoder.words == "runs"
    (kinase,), (globin,) = proteins("kinase", 11)[10:], proteins("globin", 11)[10:]
    vectors = encoder.encode([kinase, f">new\n{kinase[:60]}\n{kinase[60:]}", globin, "🚀"]).vectors
    known = encoder.encode(proteins("kinase", 3)).vectors
    near = vectors @ known.T
    assert near[0].min() > 3 * abs(near[2]).max()
    assert np.allclose(vectors[0], vectors[1]) and not vectors[3].any()


def test_tfidf_of_words_stays_of_words(tmp_path: Path) -> None:
    lsa.fit(["a small bird sings", "a soup of beans", "an old clock"], tmp_path, 2, silent)
    encoder = encoders.load(tmp_path)
    assert isinstance(encoder, TfidfEncoder) and encoder.words == "pieces"
    assert runs("ACGTAC") == ["ACG", "CGT", "GTA", "TAC", "ACGTA", "CGTAC"]
