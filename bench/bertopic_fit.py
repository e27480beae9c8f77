"""The seconds that BERTopic takes to fit banking77's training texts, in a process of its own.

Its embedder is the same MiniLM, from the same folder; imports and the loading of the model are
not counted.
"""

from __future__ import annotations

import time

from bertopic import BERTopic
from sentence_transformers import SentenceTransformer

from bench.data import banking77
from workers.pipeline.embedders.source import model_folder


def main() -> None:
    """Print the seconds."""
    texts = banking77("train").texts
    topics = BERTopic(embedding_model=SentenceTransformer(str(model_folder())))
    began = time.perf_counter()
    topics.fit(texts)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
