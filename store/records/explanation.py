"""Why a model says what it says of a text."""

from __future__ import annotations

from dataclasses import dataclass

from store.records.prediction import Answer, Neighbour

MAX_VARIANTS = 64
"""Forms of a text that one explanation embeds at most."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained of a text."""

    label: str | None = None
    """None explains the answer."""
    against: str | None = None
    """None weighs the label against the mean of all others."""
    words: int = 0
    """Weights to give at most, heaviest first; 0 weighs nothing."""
    neighbours: int = 0
    """Rows to give at most of each kind."""
    rows: tuple[int, ...] = ()
    """Numbers of rows to look up among those learnt from."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A part of the text, and how much it counts for the label.

    On the scale of natural logarithms: without a part of weight w the label would be exp(w) times
    less probable, beside the other labels' geometric mean or beside the one asked about.
    """

    start: int
    """The part is text[start:end], in Unicode code points."""
    end: int
    text: str
    weight: float
    """`terms` + `meaning`."""
    terms: float
    """Exactly what its words and letters add to the label's score."""
    meaning: float
    """What the label's score loses when the part is cut out before the text is embedded."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What the model says when the words that counted most for the label are cut out."""

    words: int
    label: str
    probability: float
    """Of the label that was explained."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one text and one label."""

    text: str
    answer: Answer
    """With the two likeliest labels."""
    label: str
    """The one that is explained."""
    probability: float
    against: str | None
    """The label that it is weighed against; None weighs it against the mean of all others."""
    rival: str | None
    """The likeliest other label; None where there is no other."""
    rival_probability: float
    score: float
    """Natural logarithm of how many times likelier the label is than what it is weighed against."""
    empty_score: float
    """The same of an empty text: what the model says before it has read a word."""
    explained: float
    """Sum of the parts' weights; it would be `score` - `empty_score` if words did not interact."""
    words: tuple[Weight, ...]
    """Heaviest first, signs aside; of a long text those of its heaviest passages."""
    passages: tuple[Weight, ...]
    """The same of a long text's passages, all of them in their order; none for a short one."""
    deletion: Deletion | None
    """None where no word counts for the label, or none was asked for."""
    nearest: tuple[Neighbour, ...]
    """The nearest training rows, whatever their label."""
    supporting: tuple[Neighbour, ...]
    """The nearest training rows of the label."""
    opposing: tuple[Neighbour, ...]
    """The nearest training rows of the one it is weighed against, or else of its rival."""
    known: tuple[Neighbour, ...] = ()
    """Those of the rows asked about that the model learnt from."""
    model_version_id: str | None = None
    """The version that was asked."""
