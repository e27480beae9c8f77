"""New texts on a map that was drawn without them.

A text lies at the mean of its nearest training rows' places, weighted by exp(cosine / SHARPNESS):
what UMAP begins from when it adds points (McInnes, Healy and Melville 2018, `transform`), without
the steps that follow there. Those would move the text by what others came with it; so it has the
same place alone and in a batch, and nothing is fitted again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from store.errors import IllegalMove
from store.records.cluster_map import Placement
from workers.pipeline.arrays import Floats
from workers.pipeline.serving import LIKE, Bundle

SHARPNESS = 0.05
"""A row nearer by 0.1 of cosine weighs 7 times as much: a known text lies at its own place."""
PLACE_DECIMALS = 3


def place(bundle: Bundle, texts: Sequence[str]) -> list[Placement]:
    """One place a text. Raises IllegalMove for a bundle made before places were kept."""
    if bundle.known.xy is None:
        raise IllegalMove("this version was made before maps were kept; train the model again")
    encoded = bundle.encoder.encode(texts)
    pairs = zip(encoded.vectors, encoded.truncated, strict=True)
    return [_place(bundle, bundle.known.xy, vector, bool(cut)) for vector, cut in pairs]


def _place(bundle: Bundle, xy: Floats, vector: Floats, truncated: bool) -> Placement:
    near, cosines = bundle.known.near(vector, LIKE)
    weights = np.exp((cosines.astype(np.float64) - cosines[0]) / SHARPNESS)
    x, y = np.round(weights @ xy[near] / weights.sum(), PLACE_DECIMALS)
    return Placement(
        x=float(x), y=float(y), cluster=bundle.cluster_of(vector), cosine=float(cosines[0]),
        rows=tuple(int(row) for row in bundle.known.numbers[near]), truncated=truncated,
    )  # fmt: skip
