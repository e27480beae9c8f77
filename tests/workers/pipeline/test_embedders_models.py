"""Sentence-transformers of other makes: small random ones, built here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Dense,
    Normalize,
    Pooling,
    Transformer,
)
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from store.records.training import EmbedderKind, EmbedderSpec, Precision
from workers.pipeline.embedders import export, load_encoder, open_embedder
from workers.pipeline.embedders.gpu import on_gpu
from workers.pipeline.embedders.transformer import TransformerEncoder
from workers.pipeline.progress import BadData

TEXTS = ["my card has not arrived", "exchange rate", "please help me with the lost pin today"]
WORDS = sorted({word for text in TEXTS for word in text.split()})
MAX_TOKENS = 16


def small_bert() -> PreTrainedModel:
    return BertModel(BertConfig(
        vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=32,
    ))  # fmt: skip


def small_distilbert() -> PreTrainedModel:
    return DistilBertModel(DistilBertConfig(
        vocab_size=64, dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=32,
    ))  # fmt: skip


def save_model(
    folder: Path, transformer: PreTrainedModel, pooling: str, *tail: torch.nn.Module
) -> Path:
    """A sentence-transformers model with this body, in `folder`."""
    body = folder / "body"
    transformer.save_pretrained(body)
    small_tokenizer().save_pretrained(body)
    head = Pooling(32, pooling_mode=pooling)
    SentenceTransformer(
        modules=[Transformer(str(body), max_seq_length=MAX_TOKENS), head, *tail], device="cpu"
    ).save(str(folder / "model"))
    return folder / "model"


def small_tokenizer() -> PreTrainedTokenizerFast:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {word: number for number, word in enumerate(special + WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # untyped upstream
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", model_max_length=MAX_TOKENS,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


CASES = {
    "bert, cls": (small_bert, "cls", ()),
    "bert, mean, normalize": (small_bert, "mean", (Normalize(),)),
    "distilbert, max": (small_distilbert, "max", ()),
    "bert, mean, dense": (small_bert, "mean", (Dense(32, 8),)),
}


@pytest.mark.parametrize("precision", list(Precision))
@pytest.mark.parametrize("case", CASES)
def test_any_chain_gives_the_vectors_of_the_model_itself(
    case: str, precision: Precision, tmp_path: Path
) -> None:
    body, pooling, tail = CASES[case]
    source = save_model(tmp_path, body(), pooling, *tail)
    embedder = open_embedder(EmbedderSpec(model=str(source), precision=precision), tmp_path / "e")
    expected = SentenceTransformer(str(source), device="cpu").encode(
        TEXTS, normalize_embeddings=True
    )
    least = 0.999 if precision is Precision.EXACT else 0.95
    vectors = embedder.embed(TEXTS).vectors
    assert vectors.shape == expected.shape
    assert (vectors * expected).sum(axis=1).min() > least


def test_rows_longer_than_the_model_reads_are_marked(tmp_path: Path) -> None:
    source = save_model(tmp_path, small_bert(), "mean")
    embedder = open_embedder(EmbedderSpec(model=str(source)), tmp_path / "e")
    fits, long = " ".join(["card"] * (MAX_TOKENS - 2)), " ".join(["card"] * (MAX_TOKENS - 1))
    embedded = embedder.embed([fits, long, fits])
    assert embedded.truncated.tolist() == [False, True, False]
    assert np.array_equal(embedded.vectors[0], embedded.vectors[1])


def test_texts_that_read_the_same_are_run_once(tmp_path: Path) -> None:
    source = save_model(tmp_path, small_bert(), "mean")
    open_embedder(EmbedderSpec(model=str(source)), tmp_path / "e")
    encoder = load_encoder(tmp_path / "e")
    assert isinstance(encoder, TransformerEncoder)
    runs: list[int] = []

    class Counted:
        def run(self, names: None, inputs: dict[str, np.ndarray[Any, Any]]) -> Any:
            runs.append(len(inputs["input_ids"]))
            return encoder.session.run(names, inputs)

    done: list[tuple[int, int]] = []
    long = " ".join(["card"] * MAX_TOKENS)
    texts = [long, f"{long} pin", "pin", f"{long} rate", "pin "]
    counted = replace(encoder, session=Counted())  # type: ignore[arg-type]  # all that is used
    vectors = counted.encode(texts, lambda *each: done.append(each)).vectors
    assert sum(runs) == 2
    assert done[-1] == (5, 5)
    assert np.array_equal(vectors, np.vstack([encoder.encode([text]).vectors for text in texts]))


def test_exact_vectors_alone_and_in_a_batch_differ_in_the_last_bits_only(tmp_path: Path) -> None:
    source = save_model(tmp_path, small_bert(), "mean")
    spec = EmbedderSpec(model=str(source), precision=Precision.EXACT)
    embedder = open_embedder(spec, tmp_path / "e")
    texts = [f"{first} {second} card" for first in WORDS for second in WORDS]
    together = embedder.embed(texts).vectors
    alone = np.concatenate([embedder.embed([text]).vectors for text in texts])
    assert np.abs(together - alone).max() < 1e-6


def test_half_precision_on_the_device_stays_close(tmp_path: Path) -> None:
    source = save_model(tmp_path, small_bert(), "mean")
    spec = EmbedderSpec(model=str(source), precision=Precision.EXACT)
    embedder = open_embedder(spec, tmp_path / "e")
    served = load_encoder(tmp_path / "e")
    assert isinstance(served, TransformerEncoder)
    on_device = on_gpu(served, str(source), device="cpu").encode([*TEXTS, "card " * 40])
    expected = embedder.embed([*TEXTS, "card " * 40])
    assert (on_device.vectors * expected.vectors).sum(axis=1).min() > 0.999
    assert on_device.truncated.tolist() == [False, False, False, True]


def test_int8_that_strays_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_INT8_COSINE", 1.01)
    source = save_model(tmp_path, small_bert(), "mean")
    fast = open_embedder(EmbedderSpec(model=str(source)), tmp_path / "fast")
    spec = EmbedderSpec(model=str(source), precision=Precision.EXACT)
    exact = open_embedder(spec, tmp_path / "exact")
    assert np.array_equal(fast.embed(TEXTS).vectors, exact.embed(TEXTS).vectors)


@pytest.mark.parametrize("kind", [EmbedderKind.SENTENCE_TRANSFORMER, EmbedderKind.STATIC])
def test_a_model_that_cannot_be_exported_is_refused_with_the_reason(
    kind: EmbedderKind, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "no_such_type"}')
    engine = tmp_path / "engine"
    with pytest.raises(BadData, match="cannot be exported") as refused:
        open_embedder(EmbedderSpec(kind, model=str(tmp_path)), engine)
    assert refused.value.code == "ENGINE_UNSUPPORTED"
    assert refused.value.problems[0].reason
    assert list(engine.iterdir()) == []
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("tmp")]


def test_a_static_embedder_is_distilled_from_the_model(tmp_path: Path) -> None:
    source = save_model(tmp_path, small_bert(), "mean")
    spec = EmbedderSpec(EmbedderKind.STATIC, model=str(source))
    embedder = open_embedder(spec, tmp_path / "e")
    vectors = embedder.embed([*TEXTS, "card my", "my card", ""]).vectors
    assert vectors.shape == (6, 32)
    assert np.allclose(np.linalg.norm(vectors[:-1], axis=1), 1, atol=1e-6)
    assert np.allclose(vectors[3], vectors[4], atol=1e-6)
    assert not vectors[-1].any()
    assert np.array_equal(embedder.embed([TEXTS[1]]).vectors[0], vectors[1])
