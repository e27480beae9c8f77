"""Fitting TF-IDF and its singular vectors (latent semantic analysis, Deerwester et al. 1990)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from store.records.dataset import Problem
from store.records.training import EmbedderKind
from workers.pipeline.embedders.encoders import write_config
from workers.pipeline.embedders.tfidf import DIRECTIONS, TERMS, WORDS
from workers.pipeline.progress import BadData, Progress
from workers.pipeline.sequences import look_like_sequences

_MAX_TERMS = 50_000
_RARE_FROM = 1_000
"""Rows from which on a term must occur in two of them."""


def fit(texts: Sequence[str], engine: Path, dimensions: int, progress: Progress) -> None:
    """Fill `engine` with what `texts` taught. Raises BadData NO_WORDS."""
    words = "runs" if look_like_sequences(texts) else "pieces"
    if not any(map(WORDS[words], texts)):
        raise BadData("NO_WORDS", "no row holds a word of two letters", (
            Problem("NO_WORDS", "TF-IDF needs words", "use a sentence-transformer, or KMER for "
                    "sequences"),))  # fmt: skip
    progress(0, len(texts))
    weigh = TfidfVectorizer(
        analyzer=WORDS[words], sublinear_tf=True, max_features=_MAX_TERMS, dtype=np.float32,
        min_df=2 if len(texts) >= _RARE_FROM else 1,
    )  # fmt: skip
    weighted = weigh.fit_transform(texts)
    svd = TruncatedSVD(min(dimensions, *weighted.shape), random_state=0).fit(weighted)
    known = weigh.get_feature_names_out()
    directions = (svd.components_ * weigh.idf_).T
    (engine / TERMS).write_text(json.dumps(known.tolist()))
    np.save(engine / DIRECTIONS, np.ascontiguousarray(directions, np.float32))
    write_config(engine, {"kind": EmbedderKind.TFIDF, "words": words})
    progress(len(texts), len(texts))
