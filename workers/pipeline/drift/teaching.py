"""In which order labels teach most: first what is far from all that is known, then what is far from
that as well.

Greedy k-center (Gonzalez 1985), as active learning by core sets uses it (Sener and Savarese 2018):
each next text is the one that lies farthest from the rows learnt from and the texts chosen before.
"""

from __future__ import annotations

import numpy as np

from workers.pipeline.arrays import Floats, Places


def order(vectors: Floats, cosines: Floats, count: int) -> Places:
    """The first `count` places; `cosines` are those to the nearest row learnt from."""
    apart = 1 - cosines.astype(np.float64)
    chosen = []
    for _ in range(min(count, len(vectors))):
        farthest = int(np.argmax(apart))
        chosen.append(farthest)
        apart = np.minimum(apart, 1 - vectors @ vectors[farthest])
        apart[chosen] = -np.inf
    return np.array(chosen, np.intp)
