"""Thresholds that the next row keeps with a given chance (split conformal prediction).

With m rows held out and one more like them, the place of the new one among all m + 1 is uniform: so
the k-th smallest of the m lies over it with a chance of k / (m + 1) at most.
"""

from __future__ import annotations

import numpy as np

from workers.pipeline.arrays import Doubles, Ints


def set_from(probabilities: Doubles, y: Ints, coverage: float) -> float:
    """The probability from which on classes are in the prediction set; 0, all, with too few rows.

    Least ambiguous sets (Sadinle, Lei & Wasserman 2019): of all rules with this coverage, that of
    the smallest sets on average.
    """
    of_label = np.sort(probabilities[np.arange(len(y)), y])
    place = int((1 - coverage) * (len(y) + 1) + 1e-9)
    return float(of_label[place - 1]) if place else 0.0


def out_above(scores: Doubles, share: float) -> float | None:
    """The score that at most `share` of rows like the m of `scores` exceed; None with too few."""
    place = int(share * (len(scores) + 1) + 1e-9)
    return float(np.sort(scores)[-place]) if place else None
