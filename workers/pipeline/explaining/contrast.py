"""A label against others: one number out of the scores of all labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workers.pipeline.arrays import Doubles
from workers.pipeline.classifiers.head import Head


@dataclass(frozen=True)
class Contrast:
    """`scores @ signs` is ln(p(label) / p(the others)).

    The others are one label, or the geometric mean of all that are not the label. It is linear in
    the scores, so what the terms of a text add to it can be told apart exactly. Temperature is in
    it, so that contrasts of two trainings are on one scale.
    """

    signs: Doubles
    """(k,); they sum to 0, and are all 0 where there is no other label."""

    @classmethod
    def of(cls, head: Head, label: int, against: int | None = None) -> Contrast:
        count = len(head.classes)
        signs = np.zeros(count)
        if against is not None:
            signs[against] = -1
        elif count > 1:
            signs[:] = -1 / (count - 1)
        signs[label] = 1 if count > 1 else 0
        return cls(signs / head.temperature)
