"""What the model is worth, on rows that it has not seen, by the very code that will answer."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from store.codec import from_plain, to_plain
from store.records.promise import Promise, Verdict
from store.records.report import Baseline
from store.records.training import TrainingSpec
from workers.pipeline import metrics
from workers.pipeline.arrays import Doubles, Ints, Places
from workers.pipeline.classifiers.head import Head, softmax, tempered
from workers.pipeline.notes import note, warn
from workers.pipeline.progress import Progress
from workers.pipeline.promise.judging import Promised, Tested, judged
from workers.pipeline.promise.novelty import Exemplars, Novelty, Scale
from workers.pipeline.promise.rules import Rules
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `scores`: every figure of the report that comes from test rows."""
    table = read_rows(work)
    y = work.array("fit", "y")
    rows = np.flatnonzero(work.array("split", "test") & (y >= 0))
    progress(0, len(rows))
    head = Head.load(work.folder / "fit" / "head")
    texts = [table.text[i] for i in rows]
    scores = head.scores(texts, np.array(work.array("embed", "vectors", mapped=True)[rows]))
    found = _figures(head, scores, work.json("calibrate", "temperature"), y[rows], table.row[rows])
    found["baselines"] = to_plain(_baselines(head, texts, y[rows], _train_classes(work, y)))
    probabilities = tempered(scores, work.json("calibrate", "temperature"))
    found["worst_rows"] = to_plain(
        metrics.worst_rows(probabilities, y[rows], head.classes, texts, table.row[rows])
    )
    promise = _promise(work, spec, rows, probabilities, head)
    found["promise"] = to_plain(promise)
    _tell(found, probabilities, y[rows], spec)
    _tell_promise(promise)
    with work.writing("evaluate") as folder:
        (folder / "scores.json").write_text(json.dumps(found))
    progress(len(rows), len(rows))
    summary = f"accuracy {found['accuracy']:.3f}, calibration error {found['ece']:.3f}"
    return Outcome(len(rows), f"{summary} on {len(rows):,} rows")


def _figures(
    head: Head, scores: Doubles, temperature: float, y: Ints, numbers: Ints
) -> dict[str, Any]:
    guessed = scores.argmax(axis=1)
    bins = metrics.calibration_bins(softmax(scores / temperature), y)
    return {
        "accuracy": float((guessed == y).mean()),
        "macro_f1": metrics.macro_f1(y, guessed),
        "ece": metrics.ece(bins),
        "ece_before": metrics.ece(metrics.calibration_bins(softmax(scores), y)),
        "classes": to_plain(metrics.per_class(y, guessed, head.classes)),
        "confusions": to_plain(metrics.confusions(y, guessed, head.classes, numbers)),
        "bins": to_plain(bins),
    }


def _tell(found: dict[str, Any], probabilities: Doubles, y: Ints, spec: TrainingSpec) -> None:
    """What calibration gained, what simpler models get, and what would not be answered."""
    note(f"calibration error {found['ece_before']:.3f} before and {found['ece']:.3f} after")
    baselines = {each["name"]: each["accuracy"] for each in found["baselines"]}
    note("accuracy of simpler models", **baselines)
    below = spec.classifier.abstain_below
    unsure = probabilities.max(axis=1) < below
    if below and unsure.any():
        told = f"of the test {unsure.mean():.1%} would not be answered: no class reaches {below:g}"
        right = (probabilities.argmax(axis=1) == y)[~unsure]
        accuracy = float(right.mean()) if len(right) else None
        note(told, rows=int(unsure.sum()), accuracy_of_others=accuracy)


def _promise(
    work: Workspace, spec: TrainingSpec, rows: Places, probabilities: Doubles, head: Head
) -> Promise:
    """The rules on the test rows, by their vectors and those of the rows learnt from."""
    y, vectors = work.array("fit", "y"), np.array(work.array("embed", "vectors"))
    learnt = np.where(work.array("split", "train"), y, -1)
    folder, classes = work.folder / "calibrate", head.classes
    novelty = Novelty.made(
        vectors, Exemplars.of(learnt, len(classes)), head.linear.weights,
        Scale.load(folder / "scale.json"),
    )  # fmt: skip
    tested = Tested(y[rows], probabilities, novelty.scores(probabilities, vectors[rows]))
    promised = from_plain(Promised, work.json("calibrate", "promised"))
    rules = Rules.load(folder / "rules.json", len(classes))
    return judged(tested, rules, promised, spec.promise, classes)


def _tell_promise(promise: Promise) -> None:
    """What became of the promise on the test."""
    if promise.promised_risk is None or promise.risk.share is None:
        return
    tell = warn if promise.verdict is Verdict.BROKEN else note
    tell(
        f"of the test {promise.answered_share:.1%} are answered, {promise.risk.share:.2%} of them "
        f"wrong; at most {promise.promised_risk:.2%} was promised",
        verdict=str(promise.verdict), low=promise.risk.low, high=promise.risk.high,
    )  # fmt: skip


def _train_classes(work: Workspace, y: Ints) -> Ints:
    train: Ints = y[work.array("split", "train") & (y >= 0)]
    return train


def _baselines(head: Head, texts: list[str], y: Ints, train: Ints) -> tuple[Baseline, ...]:
    """What the most frequent class, and terms without vectors, would have got right."""
    guesses = {"majority": np.full(len(y), np.bincount(train).argmax())}
    if head.sparse is not None:
        guesses["tfidf"] = head.sparse.scores(texts).argmax(axis=1)
    return tuple(
        Baseline(name, float((guessed == y).mean()), metrics.macro_f1(y, guessed))
        for name, guessed in guesses.items()
    )
