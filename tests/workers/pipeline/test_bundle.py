"""Bundles: whole or refused, the same answers alone and in a batch, and nothing heavy to serve."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.records.dataset import DataKind
from store.records.prediction import Decision
from store.records.training import ClassifierSpec
from tests.workers.pipeline.training import KMERS, SPEC, TOPICS, sequences, topics, trained
from workers.pipeline.bundle import MANIFEST, BundleRefused, load_bundle
from workers.pipeline.promise.rules import Rules
from workers.pipeline.workspace import Workspace

TEXTS = ["rain and thunder with fog", "simmer the garlic in butter", "an invoice for the bank", ""]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return trained(tmp_path_factory.mktemp("bundle") / "work", topics())


@pytest.fixture
def folder(work: Workspace, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    return shutil.copytree(work.bundle, tmp_path / "bundle")


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_it_answers_with_probabilities_and_a_cluster(work: Workspace) -> None:
    bundle = load_bundle(work.bundle)
    answers = bundle.answer(TEXTS[:3], top_k=4, neighbours=0)
    assert [answer.label for answer in answers] == ["weather", "kitchen", "finance"]
    for answer in answers:
        assert sum(score.probability for score in answer.scores) == pytest.approx(1, abs=1e-5)
        assert answer.scores[0].label == answer.label
        assert [s.probability for s in answer.scores] == sorted(
            (s.probability for s in answer.scores), reverse=True
        )
        assert answer.cluster_name == bundle.cluster_names[answer.cluster]
        assert answer.neighbours == ()
        assert not answer.abstained


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000", "\0\x07\u200b"])
def test_a_text_without_a_sign_is_never_answered(work: Workspace, text: str) -> None:
    bundle = load_bundle(work.bundle)
    lenient = replace(bundle, rules=Rules.none(len(bundle.head.classes), 0.0))
    (answer,) = lenient.answer([text], 1, 0)
    assert (answer.decision, answer.abstained) == (Decision.OUT_OF_DISTRIBUTION, True)


def test_what_is_no_sequence_is_never_answered(tmp_path: Path) -> None:
    work = trained(tmp_path / "work", sequences(), KMERS, DataKind.SEQUENCE)
    answers = load_bundle(work.bundle).answer(["ACGTACGTACGTAAGG", "🚀 hello", "AC"], 1, 0)
    decided = [answer.decision is Decision.OUT_OF_DISTRIBUTION for answer in answers]
    assert decided[1:] == [True, True]


def test_top_k_cuts_the_scores(work: Workspace) -> None:
    (answer,) = load_bundle(work.bundle).answer(TEXTS[:1], top_k=2, neighbours=0)
    assert len(answer.scores) == 2


def test_a_text_gets_the_same_answer_alone_and_in_a_batch(work: Workspace) -> None:
    bundle = load_bundle(work.bundle)
    texts = [*TEXTS, *(text for text, _, _ in topics(6))]
    together = bundle.answer(texts, 3, 2)
    assert [bundle.answer([text], 3, 2)[0] for text in texts] == together
    assert bundle.answer(texts[::-1], 3, 2) == together[::-1]


def test_the_nearest_rows_learnt_from_explain_an_answer(work: Workspace) -> None:
    row, (text, label, _) = next(
        (n, row) for n, row in enumerate(topics()) if work.array("split", "train")[n]
    )
    (answer,) = load_bundle(work.bundle).answer([text], 1, 3)
    nearest, *others = answer.neighbours
    assert (nearest.row, nearest.text, nearest.label, nearest.cosine) == (row, text, label, 1.0)
    assert [each.cosine for each in others] == sorted(
        (each.cosine for each in others), reverse=True
    )


def test_more_neighbours_than_rows_are_all_rows(work: Workspace) -> None:
    (answer,) = load_bundle(work.bundle).answer(TEXTS[:1], 1, 10_000)
    assert len(answer.neighbours) == work.array("split", "train").sum()


def test_it_abstains_under_its_threshold(tmp_path: Path) -> None:
    spec = replace(SPEC, classifier=ClassifierSpec(abstain_below=0.9))
    bundle = load_bundle(trained(tmp_path / "work", topics(), spec).bundle)
    sure, unsure = bundle.answer([TEXTS[0], "unheard of"], 1, 0)
    assert (sure.abstained, unsure.abstained) == (False, True)
    assert unsure.label


def test_the_manifest_tells_where_it_comes_from(work: Workspace) -> None:
    manifest = json.loads((work.bundle / MANIFEST).read_bytes())
    assert manifest["dataset_version_id"] == "dsv_1"
    assert manifest["labels"] == list(TOPICS)
    assert len(manifest["golden"]) == 16
    assert set(manifest["libraries"]) == {"numpy", "onnxruntime", "tokenizers"}
    assert json.loads(work.labels.read_bytes()) == manifest["labels"]


def test_no_file_is_a_pickle(work: Workspace) -> None:
    files = [path for path in work.bundle.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".npy", ".json", ".bin", ".onnx"}
    for path in files:
        if path.suffix == ".npy":
            assert np.load(path, allow_pickle=False).dtype != object


def test_serving_imports_nothing_heavy(work: Workspace) -> None:
    script = (
        "import sys; from pathlib import Path; from workers.pipeline.bundle import load_bundle;"
        "load_bundle(Path(sys.argv[1])).answer(['rain', 'snow'], 2, 2);"
        "heavy = {'scipy', 'sklearn', 'torch', 'pyarrow', 'faiss', 'transformers', 'numba'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(work.bundle)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def every_file(work: Workspace) -> list[str]:
    paths = (path for path in work.bundle.rglob("*") if path.is_file())
    return sorted(path.relative_to(work.bundle).as_posix() for path in paths)


def test_a_change_in_any_file_is_refused(work: Workspace, folder: Path) -> None:
    for name in every_file(work):
        if name == MANIFEST:
            continue
        path = folder / name
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(BundleRefused, match="is not the file that was packed"):
            load_bundle(folder)
        path.write_bytes(content)
    assert load_bundle(folder)


def test_a_missing_or_added_file_is_refused(folder: Path) -> None:
    (folder / "more.npy").write_bytes(b"")
    with pytest.raises(BundleRefused, match=r"more\.npy"):
        load_bundle(folder)
    (folder / "more.npy").unlink()
    (folder / "centroids.npy").unlink()
    with pytest.raises(BundleRefused, match=r"centroids\.npy"):
        load_bundle(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(format=2),
        lambda manifest: manifest.pop("files"),
        lambda manifest: manifest.update(files=[]),
        lambda manifest: manifest["golden"][0].update(probability=0.1),
        lambda manifest: manifest["golden"][0].update(label="no such label"),
    ],
)
def test_a_manifest_that_does_not_hold_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    edit(folder, change)
    with pytest.raises(BundleRefused):
        load_bundle(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff"])
def test_a_broken_manifest_is_refused(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(BundleRefused):
        load_bundle(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused):
        load_bundle(tmp_path)
