"""Figures in words: what drifted, compared with what, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from store.records.drift import DriftFigure, DriftSign, LabelMove
from workers.pipeline.drift.seen import Seen

ADVICE = {
    DriftSign.NOVELTY: "Label texts of the holes (createLabellingBatch), with new labels where "
    "none fits, then learn from the corrections.",
    DriftSign.LABELS: "If the mix of labels is to stay as it is now, train on rows in that mix; "
    "if one label swells for no reason, look at its texts first.",
    DriftSign.CONFIDENCE: "Correct a labelling batch of these answers: the live promise then tells "
    "whether more of them are wrong.",
    DriftSign.INPUT: "Labels and confidence may hold all the same; correct a labelling batch to be "
    "sure.",
}
"""Of several signs the first one's counts."""
MOVES_TOLD = 2


def message(
    figures: Sequence[DriftFigure], moves: Sequence[LabelMove], own: Seen, held_out: Seen
) -> str:
    """One sentence for each sign that drifted."""
    versus = f"{len(own):,} texts beside {len(held_out):,} held-out rows"
    if not figures:
        return f"Too few to tell: {versus}."
    found = [_sentence(each, moves, own, held_out) for each in figures if each.drifted]
    if not found:
        return f"As the data it learnt from: {versus} show no more difference than chance makes."
    return " ".join([*found, f"Compared: {versus}."])


def advice(figures: Sequence[DriftFigure]) -> str | None:
    """What to do; None where nothing drifted."""
    drifted = {each.sign for each in figures if each.drifted}
    return next((told for sign, told in ADVICE.items() if sign in drifted), None)


def _sentence(figure: DriftFigure, moves: Sequence[LabelMove], own: Seen, held_out: Seen) -> str:
    if figure.sign is DriftSign.INPUT:
        return "The texts lie elsewhere: their vectors are spread otherwise."
    if figure.sign is DriftSign.NOVELTY:
        share = float((own.strangeness > held_out.strange_from).mean())
        return f"{share:.0%} of the texts are stranger than 95% of the held-out rows."
    if figure.sign is DriftSign.LABELS:
        told = [
            f"{each.label} from {each.held_out_share:.1%} to {each.share:.1%}"
            for each in moves[:MOVES_TOLD]
        ]
        return f"The mix of labels moved: {', '.join(told)}."
    means = float(own.probability.mean()), float(held_out.probability.mean())
    how = "less" if means[0] < means[1] else "more"
    return f"Answers are {how} sure: {means[0]:.0%} on average, {means[1]:.0%} on held-out rows."
