"""A sentence-transformers model to an engine: ONNX, in int8 where that is close enough.

The whole chain is exported (transformer, pooling, whatever follows), so every model whose modules
torch can trace works; the result is held against `SentenceTransformer.encode` before it is used.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from store.records.training import EmbedderKind, Precision
from workers.pipeline.embedders.encoders import load, write_config
from workers.pipeline.embedders.torch_model import (
    SentenceVectors,
    load_model,
    model_at_work,
    unsupported,
)
from workers.pipeline.embedders.transformer import MODEL, TOKENIZER, Arithmetic
from workers.pipeline.embedders.whole import CONFIG
from workers.pipeline.notes import note

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_OPSET = 17
_EXPORT_COSINE = 0.999
"""Least mean cosine of the export to the original."""
_INT8_COSINE = 0.98
"""Least mean cosine of int8 to float32; below it the engine stays in float32."""
_MAX_TOKENS = 512
"""For a model that sets no limit."""

_SAMPLES = (
    "hello",
    "Is it going to rain tomorrow?",
    "I still have not received my new card, I ordered over a week ago.",
    "The committee approved the budget, but two members asked for a second reading in March.",
    "Ein Satz in einer anderen Sprache: où est la bibliothèque, por favor?",
    "x = sum(range(10)); print(f'{x:.2f}')",
    "A small dog that barks at night may be lonely, hungry or simply bored. " * 6,
)


def export(source: Path, engine: Path, precision: Precision) -> None:
    """Fill `engine` from the model in `source`. Raises BadData ENGINE_UNSUPPORTED."""
    with tempfile.TemporaryDirectory(dir=engine.parent) as scratch:
        exact, fast = Path(scratch, "float32"), Path(scratch, "int8")
        expected = _export(source, exact)
        chosen = exact
        if precision is Precision.FAST:
            _quantise(exact, fast)
            cosine = _cosine(fast, expected)
            chosen = fast if cosine >= _INT8_COSINE else exact
            kept = "kept" if chosen is fast else "given up: too far from float32"
            note(f"int8 is {kept}", cosine=cosine)
        for name in (MODEL, TOKENIZER, CONFIG):
            shutil.move(chosen / name, engine / name)


def _export(source: Path, folder: Path) -> NDArray[np.float32]:
    """A float32 engine in `folder`; returns the model's own vectors of _SAMPLES."""
    folder.mkdir()
    with model_at_work():
        model = load_model(source)
        expected: NDArray[np.float32] = model.encode(
            list(_SAMPLES), batch_size=1, normalize_embeddings=True, show_progress_bar=False
        )
        _trace(model, folder / MODEL)
        model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    write_config(folder, {
        "kind": EmbedderKind.SENTENCE_TRANSFORMER, "arithmetic": Arithmetic.FLOAT32,
        "dimensions": expected.shape[1], "max_tokens": model.max_seq_length or _MAX_TOKENS,
    })  # fmt: skip
    if (cosine := _cosine(folder, expected)) < _EXPORT_COSINE:
        raise unsupported(f"the exported model differs from the original (cosine {cosine:.4f})")
    return expected


def _trace(model: SentenceTransformer, file: Path) -> None:
    """The shapes of the example stay open; the tracer's warnings are what _EXPORT_COSINE checks."""
    axes = {"input_ids": {0: "rows", 1: "tokens"}, "vectors": {0: "rows"}}
    example = torch.tensor(model.tokenizer([_SAMPLES[1]] * 2)["input_ids"])
    with warnings.catch_warnings(action="ignore"):
        torch.onnx.export(
            SentenceVectors(model).eval(), (example,), str(file), dynamo=False,
            opset_version=_OPSET, input_names=["input_ids"], output_names=["vectors"],
            dynamic_axes=axes,
        )  # fmt: skip


def _quantise(exact: Path, fast: Path) -> None:
    """Weights to int8, a scale a column; activations are scaled run by run. Embeddings stay."""
    fast.mkdir()
    quantize_dynamic(
        exact / MODEL, fast / MODEL, op_types_to_quantize=["MatMul"], per_channel=True,
        weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip
    shutil.copy(exact / TOKENIZER, fast / TOKENIZER)
    config = json.loads((exact / CONFIG).read_text())
    write_config(fast, config | {"arithmetic": Arithmetic.INT8})


def _cosine(engine: Path, expected: NDArray[np.float32]) -> float:
    """Mean cosine of the engine's vectors of _SAMPLES to the `expected` ones."""
    vectors = load(engine, threads=1).encode(_SAMPLES).vectors
    return float((vectors * expected).sum(axis=1).mean())
