"""Which parts of a text are weighed, so that no text costs more than MAX_VARIANTS forms of it.

A short text is weighed word by word. A long one is weighed by passages, and word by word within the
heaviest of them; a sequence by windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.records.explanation import MAX_VARIANTS, Weight
from workers.pipeline.explaining import pieces
from workers.pipeline.explaining.pieces import Piece
from workers.pipeline.explaining.weighing import DECIMALS, Scales

AROUND = 4
"""Forms that leave no part out: the answer's, the whole, the empty, and without the top words."""
MAX_PIECES = MAX_VARIANTS - AROUND
MAX_PASSAGES = 32
DELETED_WORDS = 3


@dataclass(frozen=True)
class Weighed:
    words: tuple[Weight, ...] = ()
    """Heaviest first, signs aside."""
    passages: tuple[Weight, ...] = ()
    explained: float = 0.0
    """Sum over the passages where there are any, else over the words."""
    top: tuple[Piece, ...] = ()
    """The words that count most for the label, DELETED_WORDS at most."""


def weigh(scales: Scales) -> Weighed:
    """The text's parts on the scales."""
    text, terms = scales.text, scales.terms()
    cut = pieces.windows(text, MAX_PIECES) if scales.is_sequence else pieces.words(text)
    if len(cut) <= MAX_PIECES:
        words = scales.weigh(cut, terms)
        return _weighed(cut, words, (), words)
    parts = pieces.passages(text, cut, MAX_PASSAGES)
    passages = scales.weigh(parts, terms)
    within = _heaviest(cut, parts, passages)
    return _weighed(within, scales.weigh(within, terms), passages, passages)


def _heaviest(
    cut: Sequence[Piece], parts: Sequence[Piece], passages: Sequence[Weight]
) -> list[Piece]:
    """The words of the heaviest passages, as many as there is room for, in their order."""
    room, chosen = MAX_PIECES - len(parts), set[int]()
    order = sorted(range(len(parts)), key=lambda i: (-abs(passages[i].weight), i))
    inside = [
        [i for i, word in enumerate(cut) if part.first <= word.first < part.last] for part in parts
    ]
    for words in (inside[i] for i in order):
        taken = words[: room - len(chosen)]
        chosen.update(taken)
    return [cut[i] for i in sorted(chosen)]


def _weighed(
    cut: Sequence[Piece], words: Sequence[Weight], passages: tuple[Weight, ...],
    whole: Sequence[Weight],
) -> Weighed:  # fmt: skip
    pairs = sorted(zip(words, cut, strict=True), key=lambda pair: (-pair[0].weight, pair[0].start))
    return Weighed(
        words=tuple(sorted(words, key=lambda word: (-abs(word.weight), word.start))),
        passages=passages,
        explained=round(sum(each.weight for each in whole), DECIMALS),
        top=tuple(piece for word, piece in pairs[:DELETED_WORDS] if word.weight > 0),
    )
