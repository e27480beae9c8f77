"""What holds for every embedder, and for those that need no model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from store.records.training import EmbedderKind, EmbedderSpec, Precision, Strands
from workers.pipeline.embedders import Embedder, embedder_key, load_encoder, open_embedder
from workers.pipeline.embedders.tfidf import pieces, terms
from workers.pipeline.progress import BadData, Cancelled

TEXTS = [
    "My card has not arrived yet, what should I do?",
    "How do I change my PIN?",
    "card",
    "Why was I charged twice for the same payment in Paris last week?",
    "My card has not arrived yet, what should I do?",
]
SEQUENCES = ["ACGTACGTTAGC", "acguNacg", "GGGTTTACGGGA", "ACGTACGTTAGC", "ACG"]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[EmbedderKind], Embedder]:
    """One embedder of each kind, fitted where it must be, made once."""
    made: dict[EmbedderKind, Embedder] = {}

    def get(kind: EmbedderKind) -> Embedder:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind.lower())
            made[kind] = open_embedder(EmbedderSpec(kind, dimensions=4, k=3), folder)
            made[kind].fit(rows_for(kind))
        return made[kind]

    return get


def rows_for(kind: EmbedderKind) -> list[str]:
    return SEQUENCES if kind is EmbedderKind.KMER else TEXTS


KINDS = [EmbedderKind.SENTENCE_TRANSFORMER, EmbedderKind.TFIDF, EmbedderKind.KMER]


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_have_unit_length_in_row_order(
    kind: EmbedderKind, opened: Callable[[EmbedderKind], Embedder]
) -> None:
    embedder, rows = opened(kind), rows_for(kind)
    embedded = embedder.embed(rows)
    assert embedded.vectors.shape == (len(rows), embedder.dimensions)
    assert embedded.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(embedded.vectors, axis=1), 1, atol=1e-6)
    assert not embedded.truncated.any()
    first_again = rows.index(rows[0], 1)
    assert np.array_equal(embedded.vectors[0], embedded.vectors[first_again])


@pytest.mark.parametrize("kind", KINDS)
def test_alone_is_in_a_batch_to_the_last_bit(
    kind: EmbedderKind, opened: Callable[[EmbedderKind], Embedder]
) -> None:
    embedder, rows = opened(kind), rows_for(kind)
    together = embedder.embed(rows).vectors
    for row, text in enumerate(rows):
        assert np.array_equal(embedder.embed([text]).vectors[0], together[row])


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_embedder_answers_as_it_trained_whatever_the_threads(
    kind: EmbedderKind, opened: Callable[[EmbedderKind], Embedder], tmp_path: Path
) -> None:
    embedder, rows = opened(kind), rows_for(kind)
    embedder.save(tmp_path / "encoder")
    expected = embedder.embed(rows)
    for threads in (1, 3):
        encoder = load_encoder(tmp_path / "encoder", threads)
        answered = encoder.encode(rows)
        assert np.array_equal(answered.vectors, expected.vectors)
        assert np.array_equal(answered.truncated, expected.truncated)
        assert encoder.dimensions == embedder.dimensions
    assert {f.suffix for f in (tmp_path / "encoder").iterdir()} <= {".onnx", ".json", ".npy"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_give_no_vectors(
    kind: EmbedderKind, opened: Callable[[EmbedderKind], Embedder]
) -> None:
    embedder = opened(kind)
    embedded = embedder.embed([])
    assert embedded.vectors.shape == (0, embedder.dimensions)
    assert embedded.truncated.shape == (0,)


@pytest.mark.parametrize("kind", KINDS)
def test_progress_counts_rows_and_may_cancel(
    kind: EmbedderKind, opened: Callable[[EmbedderKind], Embedder]
) -> None:
    embedder, rows = opened(kind), rows_for(kind) * 300
    told: list[tuple[int, int]] = []
    embedder.embed(rows, lambda done, total: told.append((done, total)))
    assert told[-1] == (len(rows), len(rows))
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    def cancel(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        embedder.embed(rows, cancel)


@pytest.mark.parametrize("kind", KINDS)
def test_an_engine_that_is_there_is_used_again(
    kind: EmbedderKind, opened: Callable[[EmbedderKind], Embedder], tmp_path: Path
) -> None:
    rows = rows_for(kind)
    opened(kind).save(tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    again = open_embedder(EmbedderSpec(kind, dimensions=4, k=3), tmp_path)
    assert np.array_equal(again.embed(rows).vectors, opened(kind).embed(rows).vectors)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_serving_loads_no_heavy_library(
    opened: Callable[[EmbedderKind], Embedder], tmp_path: Path
) -> None:
    for kind in KINDS:
        opened(kind).save(tmp_path / kind)
    script = (
        "import json, sys; from pathlib import Path\n"
        "from workers.pipeline.embedders import load_encoder\n"
        f"for kind in {[str(kind) for kind in KINDS]}:\n"
        f"    load_encoder(Path({str(tmp_path)!r}) / kind).encode(['card ACGT'])\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", script]))
    heavy = {"torch", "sklearn", "scipy", "transformers", "sentence_transformers", "onnx"}
    assert {"numpy", "onnxruntime", "tokenizers"} <= set(loaded)
    assert not heavy & set(loaded)


def test_the_key_needs_the_standard_library_only() -> None:
    script = (
        "import json, sys\n"
        "from store.records.training import EmbedderSpec\n"
        "from workers.pipeline.embedders import embedder_key\n"
        "print(json.dumps([embedder_key(EmbedderSpec()), sorted(sys.modules)]))"
    )
    key, loaded = json.loads(subprocess.check_output([sys.executable, "-c", script]))
    assert key == embedder_key(EmbedderSpec())
    assert not {"numpy", "onnxruntime", "tokenizers", "torch"} & set(loaded)


def test_keys_tell_apart_whatever_gives_other_vectors() -> None:
    specs = [
        EmbedderSpec(),
        EmbedderSpec(precision=Precision.EXACT),
        EmbedderSpec(EmbedderKind.STATIC),
        EmbedderSpec(EmbedderKind.KMER, k=4),
        EmbedderSpec(EmbedderKind.KMER, k=5),
    ]
    assert len({embedder_key(spec) for spec in specs}) == len(specs)
    assert embedder_key(EmbedderSpec(EmbedderKind.TFIDF)) is None


def test_keys_ignore_what_does_not_matter_to_the_kind() -> None:
    kmer = EmbedderSpec(EmbedderKind.KMER)
    assert embedder_key(kmer) == embedder_key(
        EmbedderSpec(EmbedderKind.KMER, model="none", precision=Precision.EXACT)
    )


def test_the_key_follows_the_model_files(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    spec = EmbedderSpec(model=str(tmp_path))
    before = embedder_key(spec)
    (tmp_path / "README.md").write_text("words")
    assert embedder_key(spec) == before
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    assert embedder_key(spec) != before


@pytest.mark.parametrize("name", ["no-such-model", "nobody/nothing", "/no/such/folder"])
def test_an_unknown_model_is_named_with_what_to_do(name: str, tmp_path: Path) -> None:
    engine = tmp_path / "engine"
    for open_it in (embedder_key, lambda spec: open_embedder(spec, engine)):
        with pytest.raises(BadData, match="no sentence-transformers model") as refused:
            open_it(EmbedderSpec(model=name))
        assert refused.value.code == "MODEL_NOT_FOUND"
        assert "all-MiniLM-L6-v2" in refused.value.problems[0].fix
    assert list(engine.iterdir()) == []


def test_a_model_in_the_cache_of_hugging_face_is_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--sentence-transformers--small"
    snapshot = repository / "snapshots" / "abc123"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc123")
    (snapshot / "modules.json").write_text("[]")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert embedder_key(EmbedderSpec(model="small")) is not None
    assert embedder_key(EmbedderSpec(model="small")) == embedder_key(
        EmbedderSpec(model="sentence-transformers/small")
    )


def test_kmers_are_counted_and_unknown_letters_skipped(tmp_path: Path) -> None:
    spec = EmbedderSpec(EmbedderKind.KMER, k=3, strands=Strands.ONE)
    embedder = open_embedder(spec, tmp_path)
    vectors = embedder.embed(["ACGACG", "acgu", "ACGNNACG-", "AC", "ÄÖ"]).vectors
    acg, cga, gac, cgt = 0b000110, 0b011000, 0b100001, 0b011011
    expected = np.zeros((5, 64), np.float32)
    expected[0, [acg, cga, gac]] = np.array([2, 1, 1]) / np.sqrt(6)
    expected[1, [acg, cgt]] = 1 / np.sqrt(2)
    expected[2, acg] = 1
    assert np.allclose(vectors, expected, atol=1e-6)


def test_kmers_of_both_strands_are_one(tmp_path: Path) -> None:
    embedder = open_embedder(EmbedderSpec(EmbedderKind.KMER, k=3), tmp_path)
    assert embedder.dimensions == 32  # of 64 words of odd length none is its own complement
    vectors = embedder.embed(["ACGACGGT", "ACCGTCGT", "TTTT"]).vectors
    assert np.array_equal(vectors[0], vectors[1])
    assert vectors[0] @ vectors[2] == 0
    even = open_embedder(EmbedderSpec(EmbedderKind.KMER, k=4), tmp_path / "4")
    assert even.dimensions == 136  # (256 + 16 palindromes) / 2


def test_a_pasted_record_is_its_sequence(tmp_path: Path) -> None:
    embedder = open_embedder(EmbedderSpec(EmbedderKind.KMER, k=3), tmp_path)
    texts = [
        "ACGTTGCAAC",
        ">r1 CCCCCC\nACGTT\r\nGCA AC\n",
        "@r1 CCCC\nACGTTGCAAC\n+\nCCCCCCCCCC\n",
        ">r1\nACGTTGCAAC\n>r2\nCCCCCC\n",
    ]
    embedded = embedder.embed(texts)
    assert np.array_equal(embedded.vectors, np.stack([embedded.vectors[0]] * 4))
    assert embedded.truncated.tolist() == [False, False, False, True]


def test_an_engine_of_before_strands_counts_as_it_did(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"kind": "KMER", "k": 3}')
    assert load_encoder(tmp_path).dimensions == 64


def test_tfidf_brings_rows_of_the_same_words_together(tmp_path: Path) -> None:
    rows = ["the lost card", "a lost card", "exchange rate today", "today's exchange rate"]
    embedder = open_embedder(EmbedderSpec(EmbedderKind.TFIDF, dimensions=2), tmp_path)
    embedder.fit(rows)
    cosine = embedder.embed(rows).vectors @ embedder.embed(rows).vectors.T
    assert cosine[0, 1] > 0.9
    assert cosine[2, 3] > 0.9
    assert abs(cosine[0, 2]) < 0.1
    assert np.array_equal(embedder.embed(["zebra"]).vectors, np.zeros((1, 2), np.float32))


def test_tfidf_reads_what_has_no_blanks_between_words(tmp_path: Path) -> None:
    rows = ["银行卡丢了怎么办", "昨天我的银行卡丢了", "今天的汇率是多少", "多少是美元汇率"]
    embedder = open_embedder(EmbedderSpec(EmbedderKind.TFIDF, dimensions=2), tmp_path)
    embedder.fit(rows)
    cosine = embedder.embed(rows).vectors @ embedder.embed(rows).vectors.T
    assert cosine[0, 1] > 0.9
    assert cosine[2, 3] > 0.9
    assert abs(cosine[0, 2]) < 0.1


def test_pieces_leave_other_words_alone() -> None:
    assert pieces("Lost VISA卡片 today") == [
        "lost", "visa", "today", "lost visa", "visa today", "卡片",
    ]  # fmt: skip
    assert pieces("the lost card") == terms("the lost card")


def test_tfidf_never_has_more_dimensions_than_its_data(tmp_path: Path) -> None:
    embedder = open_embedder(EmbedderSpec(EmbedderKind.TFIDF), tmp_path)
    embedder.fit(["one row", "two rows", "three rows"])
    assert embedder.dimensions == 3


def test_tfidf_refuses_rows_without_words(tmp_path: Path) -> None:
    embedder = open_embedder(EmbedderSpec(EmbedderKind.TFIDF), tmp_path)
    with pytest.raises(BadData) as refused:
        embedder.fit(["!", "?", ""])
    assert refused.value.code == "NO_WORDS"
    assert list(tmp_path.iterdir()) == []
