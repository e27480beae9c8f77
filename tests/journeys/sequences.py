"""Small made sequences: genera whose genes are mutants of one ancestor each."""

from __future__ import annotations

import random
from pathlib import Path

GENERA = ("Aquila", "Bufo", "Corvus")
LETTERS = 400


def mutated(sequence: str, share: float, chance: random.Random) -> str:
    return "".join(
        chance.choice("ACGT") if chance.random() < share else letter for letter in sequence
    )


def references() -> list[tuple[str, str, str]]:
    """Id, genus and sequence of twelve references a genus."""
    chance = random.Random(11)
    ancestors = {genus: "".join(chance.choices("ACGT", k=LETTERS)) for genus in GENERA}
    return [
        (f"{genus[0]}{number}", genus, mutated(ancestor, 0.08, chance))
        for genus, ancestor in ancestors.items()
        for number in range(12)
    ]


def write_fasta(path: Path) -> Path:
    """With headers as reference databases write them; one sequence is there twice."""
    rows = [
        f">{id} d__Animalia;p__Chordata;g__{genus};s__{genus}_{id.lower()}\n{sequence}\n"
        for id, genus, sequence in references()
    ]
    path.write_text("".join([*rows, rows[0].replace(">A0", ">A0-copy")]))
    return path


def write_fastq(path: Path) -> Path:
    """A good read of each genus, one of bad quality, and one that is mostly N."""
    of_genus = {genus: sequence for _, genus, sequence in references()}
    reads = [f"@r{n}\n{text[50:250]}\n+\n{'I' * 200}\n" for n, text in enumerate(of_genus.values())]
    reads.append(f"@bad\n{'ACGT' * 50}\n+\n{'#' * 200}\n")
    reads.append(f"@n\n{'N' * 150}{'ACGTA' * 10}\n+\n{'I' * 200}\n")
    path.write_text("".join(reads))
    return path
