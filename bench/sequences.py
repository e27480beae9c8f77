"""16S genera as reads bring them: from either strand, in pieces, and of genera never seen."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from bench.data import path_of
from bench.figure import Figure, at_least, at_most
from bench.platform import Platform
from workers.pipeline.readers.headers import header_values
from workers.pipeline.sequences import reverse_complement

UNKNOWN = 0.2
"""Share of the genera that the training never sees, and of the rest's sequences held out."""
READ = 250
TEXTS = 64
PREDICT = """
query Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions { label probability decision oodScore neighbours { label cosine identity } }
    userErrors { code message }
  }
}"""


@dataclass(frozen=True)
class Gene:
    header: str
    genus: str
    letters: str


@dataclass(frozen=True)
class Asked:
    """Sequences with the answers to them."""

    genera: list[str]
    answers: list[dict[str, Any]]

    def share_right(self, known: set[str], *, by_reference: bool = False) -> float:
        pairs: list[bool] = [
            (answer["neighbours"][0] if by_reference else answer)["label"] == genus
            for genus, answer in zip(self.genera, self.answers, strict=True)
            if genus in known
        ]
        return sum(pairs) / len(pairs)

    def share_strange(self, known: set[str]) -> float:
        """Of sequences of known genera, those that are called OUT_OF_DISTRIBUTION."""
        strange: list[bool] = [
            answer["decision"] == "OUT_OF_DISTRIBUTION"
            for genus, answer in zip(self.genera, self.answers, strict=True)
            if genus in known
        ]
        return sum(strange) / len(strange)

    def auroc(self, known: set[str], score: str) -> float:
        """How well a score, higher for what is known, tells known genera from unknown ones."""
        is_known = [genus in known for genus in self.genera]
        return float(roc_auc_score(is_known, [SCORES[score](each) for each in self.answers]))


SCORES: dict[str, Callable[[dict[str, Any]], float]] = {
    "probability": lambda answer: answer["probability"],
    "cosine": lambda answer: answer["neighbours"][0]["cosine"],
    "identity": lambda answer: answer["neighbours"][0]["identity"] or 0.0,
    "ood": lambda answer: -(answer["oodScore"] or 0.0),
}


def genes() -> list[Gene]:
    """Raises Missing."""
    found = []
    for record in path_of("rrna16s/genus_876.fasta").read_text().split(">")[1:]:
        header, _, letters = record.partition("\n")
        genus = str(header_values(f">{header}")["genus"])
        found.append(Gene(header, genus, letters.replace("\n", "")))
    return found


def divided(every: Sequence[Gene], chance: random.Random) -> tuple[list[Gene], list[Gene]]:
    """Those to learn from, and the others: all of some genera, some of all others."""
    genera = sorted({gene.genus for gene in every})
    unknown = set(chance.sample(genera, int(UNKNOWN * len(genera))))
    learnt, held = [], []
    for genus in genera:
        own = [gene for gene in every if gene.genus == genus]
        chance.shuffle(own)
        cut = len(own) if genus in unknown else max(int(UNKNOWN * len(own)), 1)
        held += own[:cut]
        learnt += own[cut:]
    return learnt, held


async def sequences(platform: Platform) -> list[Figure]:
    """Train on genes of one strand; ask about genes and reads of both."""
    chance = random.Random(0)
    learnt, held = divided(genes(), chance)
    known = {gene.genus for gene in learnt}
    version = await _ingested(platform, learnt)
    await _published(platform, version, "genes")
    await _published(platform, version, "reads", pieces=READ)
    turned = [_either(gene.letters, chance) for gene in held]
    whole = await _ask(platform, "genes", held, turned)
    reads = await _ask(platform, "reads", held, [_read(each, chance) for each in turned])
    for name, asked in (("genes", whole), ("reads", reads)):
        told = ", ".join(f"{score} {asked.auroc(known, score):.3f}" for score in SCORES)
        print(f"# unknown genera told from known ones, {name}: {told}")
    return [
        at_least("genera_of_both_strands_accuracy", whole.share_right(known), 0.97),
        at_least("reads_of_250_accuracy", reads.share_right(known), 0.95),
        at_least("reads_of_250_nearest", reads.share_right(known, by_reference=True), 0.93),
        at_most("reads_of_250_called_strange", reads.share_strange(known), 0.1),
        at_least("unknown_genera_auroc", whole.auroc(known, "ood"), 0.92),
        at_least("unknown_genera_of_reads_auroc", reads.auroc(known, "ood"), 0.85),
    ]


async def _ingested(platform: Platform, learnt: Sequence[Gene]) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "known.fasta"
        path.write_text("".join(f">{gene.header}\n{gene.letters}\n" for gene in learnt))
        return await platform.ingest(path)


async def _published(platform: Platform, version: str, model: str, **more: object) -> None:
    trained = await platform.train(version, model, embedder={"kind": "KMER"}, **more)
    await platform.publish(trained)


def _either(letters: str, chance: random.Random) -> str:
    """One strand or the other."""
    return reverse_complement(letters) if chance.random() < 0.5 else letters


def _read(letters: str, chance: random.Random) -> str:
    begin = chance.randrange(len(letters) - READ)
    return letters[begin : begin + READ]


async def _ask(platform: Platform, model: str, held: Sequence[Gene], texts: Sequence[str]) -> Asked:
    answers: list[dict[str, Any]] = []
    for at in range(0, len(texts), TEXTS):
        asked = {"model": model, "texts": texts[at : at + TEXTS], "neighbours": 1}
        found = await platform.api.run(PREDICT, input=asked)
        answers += found["predict"]["predictions"]
    return Asked([gene.genus for gene in held], answers)
