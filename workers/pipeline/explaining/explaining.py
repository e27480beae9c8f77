"""Explaining what a bundle says of one text."""

from __future__ import annotations

from dataclasses import replace

from store.records.explanation import Deletion, Explanation, Question
from workers.pipeline.explaining.contrast import Contrast
from workers.pipeline.explaining.evidence import Evidence
from workers.pipeline.explaining.parts import Weighed, weigh
from workers.pipeline.explaining.weighing import Scales
from workers.pipeline.serving import Bundle


def explain(bundle: Bundle, text: str, asked: Question) -> Explanation:
    """Raises ValueError for a label that the bundle does not know."""
    head, vector = bundle.head, bundle.encoder.encode([text]).vectors[0]
    (answer,) = bundle.answer([text], len(head.classes), 0)
    probability = {score.label: score.probability for score in answer.scores}
    label = answer.label if asked.label is None else asked.label
    rival = next((score.label for score in answer.scores if score.label != label), None)
    against = None if asked.against is None else head.classes.index(asked.against)
    contrast = Contrast.of(head, head.classes.index(label), against)
    scales = Scales(head, bundle.encoder, contrast, text, vector)
    weighed = weigh(scales) if asked.words else Weighed()
    evidence = Evidence.of(bundle.known, head.classes, vector)
    return Explanation(
        text=text,
        answer=replace(answer, scores=answer.scores[:2]),
        label=label,
        probability=probability[label],
        against=asked.against,
        rival=rival,
        rival_probability=probability.get(rival or "", 0.0),
        score=scales.score(),
        empty_score=scales.empty_score(),
        explained=weighed.explained,
        words=weighed.words[: asked.words],
        passages=weighed.passages,
        deletion=_deletion(bundle, scales, weighed, label),
        nearest=evidence.nearest(asked.neighbours),
        supporting=evidence.of_label(label, asked.neighbours),
        opposing=evidence.of_label(asked.against or rival, asked.neighbours),
        known=evidence.numbered(asked.rows),
    )


def _deletion(bundle: Bundle, scales: Scales, weighed: Weighed, label: str) -> Deletion | None:
    if not weighed.top:
        return None
    left = scales.without(weighed.top)
    (answer,) = bundle.answer([left], len(bundle.head.classes), 0)
    probability = next(score.probability for score in answer.scores if score.label == label)
    return Deletion(len(weighed.top), answer.label, probability)
