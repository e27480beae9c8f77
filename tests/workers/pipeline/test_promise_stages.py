"""A training that is asked for a promise, and the bundle that keeps it."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from store.records.prediction import Decision
from store.records.promise import Promise, Verdict
from store.records.training import ClassifierSpec, PromiseSpec, TrainingSpec, reads
from tests.workers.pipeline.training import SPEC, Row, lay, report_of, run_until, topics, trained
from workers.pipeline.bundle import MANIFEST, NOVELTY, RULES, BundleRefused, load_bundle
from workers.pipeline.classifiers.head import tempered
from workers.pipeline.progress import silent
from workers.pipeline.stages.running import run_stage
from workers.pipeline.workspace import Workspace

ASKED = PromiseSpec(max_risk=0.1, confidence=0.9, coverage=0.9, out_share=0.02)
TEXTS = ["rain and thunder with fog", "simmer the garlic in butter", "an invoice for the bank"]
STRANGE = "qwertz uiop asdf"


def promising(promise: PromiseSpec) -> TrainingSpec:
    return replace(SPEC, promise=promise)


def muddled(per_label: int = 100, share: float = 0.3) -> list[Row]:
    """Topics of which a share has another one's label."""
    chance = np.random.default_rng(3)
    labels = sorted({label for _, label, _ in topics(1) if label})
    return [
        (text, str(chance.choice(labels)) if chance.random() < share else label, split)
        for text, label, split in topics(per_label)
    ]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("promise") / "work"
    return trained(folder, topics(60), promising(ASKED))


@pytest.fixture
def folder(work: Workspace, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    return shutil.copytree(work.bundle, tmp_path / "bundle")


def promise_of(work: Workspace) -> Promise:
    promise = report_of(work).promise
    assert promise is not None
    return promise


def test_the_report_judges_it_on_the_test_rows(work: Workspace) -> None:
    promise, test = promise_of(work), work.array("split", "test").sum()
    assert (promise.asked_risk, promise.promised_risk, promise.confidence) == (0.1, 0.1, 0.9)
    assert promise.verdict is Verdict.KEPT
    assert promise.risk.answered == round(promise.answered_share * test)
    assert promise.risk.low <= (promise.risk.share or 0) <= promise.risk.high
    assert promise.coverage >= 0.85
    assert 1 <= promise.set_size <= 4
    assert promise.chosen_on <= len(work.array("fit", "held_y"))
    shares = [point.answered_share for point in promise.curve]
    assert shares == sorted(shares)
    assert promise.curve[-1].answered_share == pytest.approx(1 - promise.out_share)


def test_the_bundle_decides(work: Workspace) -> None:
    answers = load_bundle(work.bundle).answer([*TEXTS, STRANGE], 1, 0)
    assert [each.decision for each in answers[:3]] == [Decision.ANSWER] * 3
    assert [each.prediction_set[0] for each in answers[:3]] == ["weather", "kitchen", "finance"]
    strange = answers[3]
    assert strange.decision is Decision.OUT_OF_DISTRIBUTION
    assert strange.abstained
    assert strange.ood_score is not None
    assert strange.ood_threshold == promise_of(work).out_threshold
    assert strange.ood_score > max(each.ood_score or 0 for each in answers[:3])


def test_it_decides_the_same_alone_and_in_a_batch(work: Workspace) -> None:
    bundle = load_bundle(work.bundle)
    texts = [*TEXTS, STRANGE, "", *(text for text, _, _ in topics(5))]
    together = bundle.answer(texts, 2, 0)
    assert [bundle.answer([text], 2, 0)[0] for text in texts] == together


def test_the_test_rows_are_decided_by_the_bundle_as_by_the_report(work: Workspace) -> None:
    rows = np.flatnonzero(work.array("split", "test"))
    texts = [text for text, _, _ in topics(60)]
    answers = load_bundle(work.bundle).answer([texts[row] for row in rows], 1, 0)
    answered = [each.decision is Decision.ANSWER for each in answers]
    assert np.mean(answered) == promise_of(work).answered_share


def test_without_a_promise_all_is_answered(tmp_path: Path) -> None:
    quiet = trained(tmp_path / "work", topics(), promising(PromiseSpec(out_share=0)))
    promise = promise_of(quiet)
    assert (promise.asked_risk, promise.promised_risk, promise.verdict) == (None, None, None)
    assert (promise.answered_share, promise.out_threshold, promise.classes) == (1, None, ())
    answers = load_bundle(quiet.bundle).answer([*TEXTS, STRANGE], 1, 0)
    assert {each.decision for each in answers} == {Decision.ANSWER}
    assert all(each.ood_score is not None for each in answers)


def test_what_cannot_be_kept_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        work = trained(tmp_path / "work", muddled(), promising(replace(ASKED, max_risk=0.01)))
    promise = promise_of(work)
    assert promise.promised_risk is not None
    assert promise.promised_risk > 0.2
    assert promise.verdict is Verdict.KEPT
    (warning,) = [each.message for each in caplog.records if "cannot be promised" in each.message]
    assert f"at most {promise.promised_risk:.1%}" in warning


def test_labels_of_many_rows_have_thresholds_of_their_own(tmp_path: Path) -> None:
    asked = promising(replace(ASKED, max_risk=0.3))
    work = trained(tmp_path / "work", muddled(share=0.1), asked)
    promise = promise_of(work)
    assert [each.label for each in promise.classes] == ["finance", "kitchen", "travel", "weather"]
    assert sum(each.risk.answered for each in promise.classes) == promise.risk.answered
    assert sum(each.risk.wrong for each in promise.classes) == promise.risk.wrong


def test_another_promise_does_not_fit_anew(work: Workspace, tmp_path: Path) -> None:
    assert "promise" not in reads("fit", is_labelled=True)
    again = Workspace(shutil.copytree(work.folder, tmp_path / "again"))
    stricter = promising(replace(ASKED, coverage=0.5))
    for stage in ("calibrate", "evaluate", "package"):
        run_stage(stage, again, stricter, silent)
    assert promise_of(again).set_size <= promise_of(work).set_size


def test_what_abstains_anyway_is_no_part_of_the_promise(work: Workspace, tmp_path: Path) -> None:
    again = Workspace(shutil.copytree(work.folder, tmp_path / "again"))
    held = tempered(work.array("fit", "held_scores"), work.json("calibrate", "temperature"))
    median = float(np.median(held.max(axis=1)))
    spec = replace(promising(ASKED), classifier=ClassifierSpec(abstain_below=median))
    for stage in ("calibrate", "evaluate", "package"):
        run_stage(stage, again, spec, silent)
    assert promise_of(again).chosen_on <= (held.max(axis=1) >= median).sum()
    answers = load_bundle(again.bundle).answer([text for text, _, _ in topics(30)], 1, 0)
    answered = [each.probability for each in answers if each.decision is Decision.ANSWER]
    assert 0 < len(answered) < len(answers)
    assert min(answered) >= median


def test_few_rows_are_no_fault(tmp_path: Path) -> None:
    work = trained(tmp_path / "work", topics(3), promising(ASKED))
    promise = promise_of(work)
    assert promise.out_threshold is None
    (answer,) = load_bundle(work.bundle).answer([STRANGE], 1, 0)
    assert answer.prediction_set


def as_before(folder: Path) -> None:
    """The bundle as it was made before there were promises."""
    shutil.rmtree(folder / NOVELTY)
    (folder / RULES).unlink()
    forget(folder, lambda name: name == RULES or name.startswith(NOVELTY))


def forget(folder: Path, which: Callable[[str], bool]) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"] = {k: v for k, v in manifest["files"].items() if not which(k)}
    manifest["abstain_below"] = 0.9
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_a_bundle_from_before_answers_still(folder: Path) -> None:
    as_before(folder)
    sure, strange = load_bundle(folder).answer([TEXTS[0], STRANGE], 1, 0)
    assert (sure.decision, strange.decision) == (Decision.ANSWER, Decision.ABSTAIN)
    assert (sure.ood_score, sure.ood_threshold, sure.prediction_set) == (None, None, ())


@pytest.mark.parametrize("name", [f"{NOVELTY}/places.npy", f"{NOVELTY}/scale.json"])
def test_half_of_it_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    forget(folder, lambda known: known == name)
    with pytest.raises(BundleRefused):
        load_bundle(folder)


def test_held_out_rows_are_those_whose_scores_are_kept(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics())
    run_until(work, "fit")
    held, y = work.array("fit", "held_rows"), work.array("fit", "y")
    assert (y[held] == work.array("fit", "held_y")).all()
    assert work.array("split", "train")[held].all()
    assert len(work.array("fit", "held_folds")) == len(held)
