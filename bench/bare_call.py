"""What answering costs without a platform: encode one text, ask scikit-learn, in one process.

Prints the median milliseconds of a call. Run as a process of its own.
"""

from __future__ import annotations

import time

import numpy as np
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression

from bench.data import banking77
from workers.pipeline.embedders.source import model_folder

FITTED_ROWS = 2_000
CALLS = 300


def main() -> None:
    """Fit on a sample, then time one call at a time."""
    rows = banking77("train")
    encoder = SentenceTransformer(str(model_folder()))
    step = len(rows.texts) // FITTED_ROWS
    vectors = encoder.encode(rows.texts[::step], show_progress_bar=False)
    classifier = LogisticRegression(C=10, max_iter=200).fit(vectors, rows.labels[::step])
    seconds = []
    for text in banking77("test").texts[:CALLS]:
        began = time.perf_counter()
        classifier.predict_proba(encoder.encode([text], show_progress_bar=False))
        seconds.append(time.perf_counter() - began)
    print(float(np.median(seconds)) * 1000)


if __name__ == "__main__":
    main()
