"""A bundle: a folder that answers by itself. Arrays and JSON, never a pickle.

    manifest.json     every file's SHA-256 and size, versions, spec, labels, golden rows
    report.json       what the training found out
    head/             the classifier (see `classifiers.head`)
    engine/           the embedder (see `embedders`)
    clusters.json, centroids.npy                 names and centres
    rules.json, strangeness/                     when it answers, and what tells strange texts (see
                                                 `promise`); not in bundles from before that
    rows/             vectors.npy (n, d) float16, numbers.npy, labels.npy, texts.bin, offsets.npy,
                      and xy.npy, which bundles made before it was kept have not;
                      names.bin and names_offsets.npy where the rows had names

Golden rows are texts with the answers that the bundle gave when it was made. Loading asks them
again: a bundle that answers otherwise, on this machine and these libraries, is refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from store.codec import to_plain
from store.digest import sha256_of
from store.records.prediction import Answer
from store.records.report import Report
from store.records.training import TrainingSpec
from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.classifiers.head import Head
from workers.pipeline.embedders import load_encoder
from workers.pipeline.promise.novelty import Exemplars, Novelty, Scale
from workers.pipeline.promise.rules import Rules
from workers.pipeline.serving import Bundle, KnownRows

FORMAT = 1
MANIFEST = "manifest.json"
REPORT = "report.json"
RULES = "rules.json"
NOVELTY, SCALE = "strangeness", "scale.json"
LIBRARIES = ("numpy", "onnxruntime", "tokenizers")
GOLDEN_ROWS = 16
GOLDEN_TOLERANCE = 0.05
"""int8 sums differ a little between processors; a wrong file differs by far more."""


class BundleRefused(Exception):
    """The folder is not a whole, unchanged bundle that answers as it did."""


@dataclass(frozen=True)
class Parts:
    """What a bundle is made of; the rows are those that were learnt from."""

    head: Head
    engine: Path
    """What the embedder was saved into."""
    embedder_key: str | None
    spec: TrainingSpec
    report: Report
    centroids: Floats
    vectors: Floats
    rows: Ints
    texts: Sequence[str]
    labels: Ints
    xy: Floats
    """(n, 2): the rows' places on the map."""
    about: dict[str, str]
    rules: Rules
    scale: Scale
    names: Sequence[str | None] = ()
    """What their file called the rows, or nothing at all."""


def write_bundle(folder: Path, parts: Parts) -> dict[str, dict[str, Any]]:
    """Write the bundle; its files' digests and sizes by name."""
    folder.mkdir(parents=True)
    parts.head.save(folder / "head")
    shutil.copytree(parts.engine, folder / "engine")
    KnownRows.save(
        folder / "rows", parts.vectors, parts.rows, parts.labels, parts.texts, parts.xy,
        parts.names,
    )  # fmt: skip
    np.save(folder / "centroids.npy", parts.centroids)
    parts.rules.save(folder / RULES)
    Exemplars.of(parts.labels, len(parts.head.classes)).save(folder / NOVELTY)
    parts.scale.save(folder / NOVELTY / SCALE)
    names = [cluster.name for cluster in parts.report.clusters]
    (folder / "clusters.json").write_text(json.dumps(names, ensure_ascii=False))
    (folder / REPORT).write_text(json.dumps(to_plain(parts.report), ensure_ascii=False))
    files = _digests(folder)
    abstain_below = parts.spec.classifier.abstain_below
    manifest = {
        "format": FORMAT,
        **parts.about,
        "libraries": {name: version(name) for name in LIBRARIES},
        "embedder_key": parts.embedder_key,
        "spec": to_plain(parts.spec),
        "labels": parts.head.classes,
        "abstain_below": abstain_below,
        "metrics": {"accuracy": parts.report.accuracy, "ece": parts.report.ece},
        "golden": _golden(_open(folder, abstain_below), parts.texts),
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    return files


def load_bundle(folder: Path, threads: int | None = None) -> Bundle:
    """Check the folder and open it; `threads` as in `load_encoder`. Raises BundleRefused."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT:
            raise BundleRefused(f"format {manifest['format']} is not known here")
        _check_files(folder, manifest["files"])
        bundle = _open(folder, manifest["abstain_below"], threads)
        _check_golden(bundle, manifest["golden"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        raise BundleRefused(f"{folder.name} is not a bundle: {error}") from error
    return bundle


def _open(folder: Path, abstain_below: float, threads: int | None = None) -> Bundle:
    head, known = Head.load(folder / "head"), KnownRows.load(folder / "rows")
    return Bundle(
        head=head,
        encoder=load_encoder(folder / "engine", threads),
        centroids=np.load(folder / "centroids.npy", allow_pickle=False),
        cluster_names=tuple(json.loads((folder / "clusters.json").read_bytes())),
        known=known,
        rules=_rules(folder / RULES, len(head.classes), abstain_below),
        novelty=_novelty(folder / NOVELTY, known, head),
    )


def _rules(path: Path, classes: int, abstain_below: float) -> Rules:
    return Rules.load(path, classes) if path.is_file() else Rules.none(classes, abstain_below)


def _novelty(folder: Path, known: KnownRows, head: Head) -> Novelty | None:
    if not folder.is_dir():
        return None
    exemplars = Exemplars.load(folder, len(known.numbers), len(head.classes))
    scale = Scale.load(folder / SCALE)
    return Novelty.made(known.vectors, exemplars, head.linear.weights, scale)


def _digests(folder: Path) -> dict[str, dict[str, Any]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): {
            "sha256": sha256_of(path), "bytes": path.stat().st_size,
        }
        for path in paths
    }  # fmt: skip


def _check_files(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if found != {MANIFEST, *files}:
        raise BundleRefused(f"files are missing or strange: {sorted(found ^ {MANIFEST, *files})}")
    for name, said in files.items():
        if sha256_of(folder / name) != said["sha256"]:
            raise BundleRefused(f"{name} is not the file that was packed")


def _golden(bundle: Bundle, texts: Sequence[str]) -> list[dict[str, Any]]:
    """GOLDEN_ROWS texts, evenly spaced, and what the bundle says of them."""
    chosen = [texts[i] for i in np.linspace(0, len(texts) - 1, GOLDEN_ROWS).astype(int)]
    return [
        {"text": text, "label": answer.label, "probability": round(answer.probability, 4)}
        for text, answer in zip(chosen, bundle.answer(chosen, 1, 0), strict=True)
    ]


def _check_golden(bundle: Bundle, golden: Sequence[dict[str, Any]]) -> None:
    answers = bundle.answer([each["text"] for each in golden], len(bundle.head.classes), 0)
    for each, answer in zip(golden, answers, strict=True):
        if abs(_probability(answer, each["label"]) - each["probability"]) > GOLDEN_TOLERANCE:
            raise BundleRefused(
                f"a golden row was {each['label']!r} at {each['probability']}, and is now "
                f"{answer.label!r} at {answer.probability:.4f}"
            )


def _probability(answer: Answer, label: str) -> float:
    return next((score.probability for score in answer.scores if score.label == label), -1.0)
