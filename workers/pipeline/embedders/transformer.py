"""Sentence-transformers in ONNX Runtime.

Why int8 runs one text at a time. Dynamic quantisation takes one scale for all activations of a run,
so a text's vector would depend on the texts beside it: batches of 512 tokens moved banking77's
vectors to a cosine of 0.977 with their own single run, enough to change a label. One text a run is
the same to the last bit alone, in a batch, on any number of threads, and needs no padding; with
one text on each core it is still 4-5 times as fast as `SentenceTransformer.encode`.

float32 has no such scale: texts of equal length share a run (differences stay under 1e-6), without
padding and so without an attention mask.

Each run keeps to the thread it is called on. Nothing spins, so processes share cores in peace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from workers.pipeline.embedders.protocol import Embedded
from workers.pipeline.embedders.tokens import ids_of, load_tokenizer
from workers.pipeline.progress import Progress, silent

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"


class Arithmetic(StrEnum):
    INT8 = "INT8"
    FLOAT32 = "FLOAT32"


_RUN_TOKENS = {Arithmetic.INT8: 1, Arithmetic.FLOAT32: 512}
"""Tokens that texts of equal length may fill together in one run; a longer text runs alone."""
_STEP_TOKENS = 2048
"""Tokens between two calls of `progress`: about 0.1 s on two cores."""

T = TypeVar("T")
Run = NDArray[np.intp]
"""Positions of the texts of one run, all of one length."""


@dataclass(frozen=True)
class TransformerEncoder:
    """`model.onnx` takes token ids (n, length) and gives unit vectors (n, dimensions)."""

    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer
    dimensions: int
    run_tokens: int
    threads: int

    @classmethod
    def load(cls, folder: Path, config: dict[str, Any], threads: int) -> TransformerEncoder:
        return cls(
            session=open_session(folder / MODEL),
            tokenizer=load_tokenizer(folder / TOKENIZER, config["max_tokens"]),
            dimensions=config["dimensions"],
            run_tokens=_RUN_TOKENS[Arithmetic(config["arithmetic"])],
            threads=threads,
        )

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        """Texts that read the same, up to where they are cut, are embedded once."""
        place, distinct = _places(texts)
        ids, truncated = ids_of(self.tokenizer, distinct)
        read, known = _places([each.tobytes() for each in ids])
        tokens = [np.frombuffer(each, np.int64) for each in known]
        vectors = self._vectors(tokens, np.bincount(read[place]), progress)
        return Embedded(vectors[read[place]], truncated[place])

    def _vectors(
        self, ids: Sequence[NDArray[np.int64]], rows: NDArray[np.intp], progress: Progress
    ) -> NDArray[np.float32]:
        """Vectors of `ids`; `rows` says how many rows each stands for."""
        vectors = np.empty((len(ids), self.dimensions), np.float32)
        lengths = np.array([len(each) for each in ids], np.intp)
        done = 0

        def embed(runs: list[Run]) -> None:
            for run in runs:
                inputs = {"input_ids": np.stack([ids[place] for place in run])}
                vectors[run] = self.session.run(None, inputs)[0]

        with ThreadPoolExecutor(self.threads) as pool:
            for step in _steps(lengths, self.run_tokens):
                # each thread takes every n-th run: even loads, handed over once a step
                parts = [step[first :: self.threads] for first in range(self.threads)][: len(step)]
                # a lone text, or a lone thread, needs no other
                spread = pool.map if len(parts) > 1 else map
                list(spread(embed, parts))  # a list, so that their errors are raised
                done += sum(int(rows[run].sum()) for run in step)
                progress(done, int(rows.sum()))
        return vectors


def _places(values: Sequence[T]) -> tuple[NDArray[np.intp], list[T]]:
    """The distinct values in the order they come first, and for each value its place in these."""
    places: dict[T, int] = {}
    place = np.array([places.setdefault(each, len(places)) for each in values], np.intp)
    return place, list(places)


def open_session(model: Path) -> onnxruntime.InferenceSession:
    """A session whose runs stay on the calling thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _steps(lengths: NDArray[np.intp], run_tokens: int) -> Iterator[list[Run]]:
    """Runs of equal length, longest first, in steps of about _STEP_TOKENS tokens."""
    step: list[Run] = []
    tokens = 0
    for length in np.unique(lengths)[::-1]:
        same = np.flatnonzero(lengths == length)
        size = max(1, run_tokens // int(length))
        for start in range(0, len(same), size):
            step.append(same[start : start + size])
            tokens += len(step[-1]) * int(length)
            if tokens >= _STEP_TOKENS:
                yield step
                step, tokens = [], 0
    if step:
        yield step
