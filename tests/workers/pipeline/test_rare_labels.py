"""Labels with too few texts: kept, left out, or made one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from store.records.training import LabelSpec, RareLabels, TrainingSpec
from tests.workers.pipeline.training import SPEC, Row, lay, report_of, run_until, topics, trained
from workers.pipeline.progress import BadData, silent
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.stages.running import run_stage

RARE: list[Row] = [(f"an odd text about subject {n}", f"odd {n}", None) for n in range(6)]


def asking(rare: RareLabels, min_rows: int = 2) -> TrainingSpec:
    return replace(SPEC, labels=LabelSpec(rare, min_rows))


def labels_after(folder: Path, rows: list[Row], spec: TrainingSpec) -> Counter[str | None]:
    work = lay(folder, rows)
    run_until(work, "clean", spec)
    return Counter(read_rows(work).label)


def test_kept_they_are_classes_like_others(tmp_path: Path) -> None:
    found = labels_after(tmp_path / "work", topics(5) + RARE, asking(RareLabels.KEEP))
    assert len(found) == 4 + 6


def test_dropped_their_rows_are_gone_and_rows_without_a_label_stay(tmp_path: Path) -> None:
    rows = topics(5) + RARE + [("a text that nobody labelled", None, None)]
    found = labels_after(tmp_path / "work", rows, asking(RareLabels.DROP))
    assert found == {"finance": 5, "kitchen": 5, "travel": 5, "weather": 5, None: 1}


def test_merged_they_are_one_label(tmp_path: Path) -> None:
    found = labels_after(tmp_path / "work", topics(5) + RARE, asking(RareLabels.MERGE))
    assert found == {"finance": 5, "kitchen": 5, "travel": 5, "weather": 5, "other": 6}


def test_rows_of_equal_text_count_once(tmp_path: Path) -> None:
    twice: list[Row] = [(f"The very same  text{end}", "twin", None) for end in ("", " ")]
    found = labels_after(tmp_path / "work", topics(5) + twice, asking(RareLabels.DROP))
    assert "twin" not in found


def test_the_least_is_as_asked(tmp_path: Path) -> None:
    rows = topics(5) + RARE + topics(2, seed=8)[:2]  # finance has seven
    found = labels_after(tmp_path / "work", rows, asking(RareLabels.MERGE, 6))
    assert found == {"finance": 7, "other": 15 + 6}


def test_the_summary_says_what_was_done(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics(5) + RARE)
    told = run_stage("clean", work, asking(RareLabels.DROP), silent).summary
    assert told.endswith("; 6 rare labels with 6 rows left out")


def test_what_is_left_must_be_enough(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics(3))
    with pytest.raises(BadData) as caught:
        run_stage("clean", work, asking(RareLabels.DROP, 9), silent)
    assert caught.value.code == "TOO_FEW_ROWS"


def test_a_training_refused_for_lone_labels_points_at_their_rows(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics(5)[:2] + RARE * 1 + [("and one more of it", "odd 7", None)]
               + topics(3, seed=9)[3:4])  # fmt: skip
    with pytest.raises(BadData) as caught:
        run_until(work, "fit", SPEC)
    assert caught.value.code == "TOO_FEW_TEXTS_A_CLASS"
    first, *lone = caught.value.problems
    assert first.code == caught.value.code
    assert {problem.code for problem in lone} == {"LONE_LABEL"}
    shown = next(problem for problem in lone if problem.row == 2)
    assert shown.value == "an odd text about subject 0"
    assert "'odd 0'" in shown.reason


def test_a_training_that_was_refused_succeeds_with_its_rare_labels_merged(tmp_path: Path) -> None:
    rows = topics(8)[:2] + [(text, f"odd {n}", None) for n, (text, _, _) in enumerate(topics(3))]
    with pytest.raises(BadData, match="two different texts"):
        trained(tmp_path / "refused", rows, asking(RareLabels.KEEP))
    report = report_of(trained(tmp_path / "merged", rows, asking(RareLabels.MERGE)))
    assert {each.label for each in report.classes} == {"finance", "other"}
