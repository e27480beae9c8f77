"""A training from shards to report: what each stage leaves, refuses and repeats."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from store.records.dataset import DataKind
from store.records.job import STAGES as NAMES
from store.records.job import JobKind
from store.records.training import ClassifierSpec, ClustererKind, ClustererSpec, SplitSpec
from tests.workers.pipeline.training import (
    KMERS,
    SPEC,
    lay,
    report_of,
    run_until,
    sequences,
    topics,
    trained,
)
from workers.pipeline.progress import BadData, Cancelled, silent
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.stages.running import STAGES, run_stage
from workers.pipeline.workspace import Workspace


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return trained(tmp_path_factory.mktemp("stages") / "work", topics())


def refused(work: Workspace, stage: str, last: str, spec: object = SPEC) -> BadData:
    """What `last` says of the data; the stages before it pass."""
    with pytest.raises(BadData) as caught:
        run_until(work, last, spec)  # type: ignore[arg-type]
    assert caught.value.code == stage
    assert caught.value.problems[0].fix
    assert not (work.folder / last).exists()
    return caught.value


def test_the_stages_are_those_of_the_job() -> None:
    assert tuple(STAGES) == NAMES[JobKind.TRAIN]


def test_a_report_is_complete(work: Workspace) -> None:
    report = report_of(work)
    assert report.accuracy > 0.9
    assert report.macro_f1 > 0.9
    assert (report.train_rows, report.test_rows) == (96, 24)
    assert (report.embedded_rows, report.cached_rows, report.truncated_rows) == (120, 0, 0)
    assert [each.label for each in report.classes] == ["finance", "kitchen", "travel", "weather"]
    assert sum(each.support for each in report.classes) == 24
    assert sum(each.rows for each in report.bins) == 24
    assert len(report.bins) == 15
    assert [each.name for each in report.baselines] == ["majority", "tfidf"]
    assert report.baselines[0].accuracy == 0.25
    assert sum(each.size for each in report.clusters) + report.noise_rows == 120
    assert report.nmi is not None
    assert report.silhouette is not None
    assert [each.stage for each in report.stages] == list(STAGES)[:-1]
    assert not report.labels_from_clusters
    assert report.spread_rows == 0


def test_clusters_have_a_level_above_and_a_place(work: Workspace) -> None:
    report = report_of(work)
    coarse = {each.number for each in report.coarse_clusters}
    assert {each.parent for each in report.clusters} == coarse
    assert sum(each.size for each in report.coarse_clusters) == 120
    assert all((each.x, each.y) != (0, 0) for each in report.clusters)


def test_the_same_version_and_spec_give_the_same_numbers(work: Workspace, tmp_path: Path) -> None:
    """Also in another process, where strings hash otherwise and libraries find other threads."""
    script = (
        "import sys; from pathlib import Path;"
        "from tests.workers.pipeline.training import topics, trained;"
        "trained(Path(sys.argv[1]), topics())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "5", "OMP_NUM_THREADS": "3"}
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "work")], env=environment, check=True
    )
    again = Workspace(tmp_path / "work")
    assert replace(report_of(again), stages=()) == replace(report_of(work), stages=())
    for array in ("fit/head/weights", "project/xy", "cluster/centroids", "embed/vectors"):
        stage, _, name = array.partition("/")
        assert np.array_equal(work.array(stage, name), again.array(stage, name)), array


def test_another_seed_gives_another_split(work: Workspace, tmp_path: Path) -> None:
    other = lay(tmp_path / "work", topics())
    run_until(other, "split", replace(SPEC, seed=1))
    assert not np.array_equal(other.array("split", "test"), work.array("split", "test"))


def test_clean_drops_empty_rows_and_groups_equal_texts(tmp_path: Path) -> None:
    rows = [*topics(5), ("  ", "travel", None), ("Rain  AND fog", "weather", None),
            ("rain and fog", "weather", None)]  # fmt: skip
    work = lay(tmp_path / "work", rows)
    run_until(work, "clean")
    table = read_rows(work)
    assert table.row.tolist() == [*range(20), 21, 22]
    assert table.group[-1] == table.group[-2]
    assert len(set(table.group.tolist())) == 21


def test_a_sample_keeps_every_label_in_proportion(tmp_path: Path) -> None:
    rows = [row for row in topics(40) if row[1] != "travel" or row[0].endswith(("1", "2"))]
    work = lay(tmp_path / "work", rows)
    run_until(work, "clean", replace(SPEC, max_rows=64))
    label, counts = np.unique(read_rows(work).label, return_counts=True)
    assert dict(zip(label.tolist(), counts.tolist(), strict=True)) == {
        "finance": 20, "kitchen": 20, "travel": 4, "weather": 20,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (topics(2), "TOO_FEW_ROWS"),
        ([("the same text", label, None) for _, label, _ in topics(5)], "TOO_FEW_ROWS"),
        (topics(12)[:12], "ONE_LABEL"),
    ],
)
def test_clean_refuses_what_nothing_can_be_learnt_from(
    tmp_path: Path, rows: list[tuple[str, str | None, str | None]], code: str
) -> None:
    refused(lay(tmp_path / "work", rows), code, "clean")


def test_rows_that_are_alike_are_told_from_few_rows(tmp_path: Path) -> None:
    rows = [("the same text", label, None) for _, label, _ in topics(5)]
    with pytest.raises(BadData, match="20 rows of 1 different texts are too few"):
        run_until(lay(tmp_path / "work", rows), "clean")


def test_duplicates_never_straddle_the_split(tmp_path: Path) -> None:
    rows = [row for text, label, _ in topics(12) for row in 3 * [(text, label, None)]]
    work = lay(tmp_path / "work", rows)
    run_until(work, "split")
    group, test = read_rows(work).group, work.array("split", "test")
    assert not set(group[test].tolist()) & set(group[~test].tolist())
    assert test.sum() == 24


def test_a_class_of_one_text_is_learnt_from(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", [*topics(10), ("a single text", "rare", None)])
    run_until(work, "split")
    assert work.array("split", "train")[-1]


def test_given_splits_are_kept_and_leaked_rows_are_not_learnt_from(tmp_path: Path) -> None:
    split = ["test" if n % 5 == 0 else "train" for n in range(80)]
    rows = [(text, label, name) for (text, label, _), name in zip(topics(20), split, strict=True)]
    work = lay(tmp_path / "work", [*rows, (rows[0][0].upper(), "finance", "train")])
    outcome = None
    for stage in ("clean", "split"):
        outcome = run_stage(stage, work, SPEC, silent)
    assert outcome is not None
    assert "1 of them dropped: the test has their text" in outcome.summary
    assert work.array("split", "test").tolist() == [name == "test" for name in split] + [False]
    assert not work.array("split", "train")[-1]


def test_a_given_split_may_be_ignored_or_useless(tmp_path: Path) -> None:
    rows = [(text, label, "train") for text, label, _ in topics(10)]
    unlabelled = [(f"{text} more", None, "test") for text, _, _ in topics(3)]
    for number, (spec, expected) in enumerate([
        (SPEC, "stratified"),
        (replace(SPEC, split=SplitSpec(use_given=False, test_share=0.5)), "stratified"),
    ]):  # fmt: skip
        work = lay(tmp_path / str(number), rows + unlabelled)
        run_stage("clean", work, spec, silent)
        assert run_stage("split", work, spec, silent).summary.startswith(expected)
        labelled = np.array([label is not None for label in read_rows(work).label])
        assert (work.array("split", "test") & labelled).any()


def test_a_given_split_that_counts_for_nothing_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [(text, label, f"fold {n % 2}") for n, (text, label, _) in enumerate(topics(5))]
    run_until(lay(tmp_path / "work", rows), "split")
    assert "the given split (fold 0, fold 1) has no test that could be scored" in caplog.messages


def test_a_cluster_a_row_is_refused_with_the_way_out(tmp_path: Path) -> None:
    rows = [(text, None, None) for text, _, _ in topics(5)]
    spec = replace(SPEC, clusterer=ClustererSpec(ClustererKind.KMEANS, k=20))
    with pytest.raises(BadData, match="ask for fewer clusters"):
        run_until(lay(tmp_path / "work", rows), "fit", spec)


def test_a_split_without_a_labelled_test_or_two_labels_is_refused(tmp_path: Path) -> None:
    singles = [(text, f"label {n}", None) for n, (text, _, _) in enumerate(topics(3))]
    refused(lay(tmp_path / "a", singles), "NOTHING_TO_TEST_ON", "split")
    one = [(text, label, "train" if label == "travel" else "test") for text, label, _ in topics(5)]
    refused(lay(tmp_path / "b", one), "ONE_LABEL_TO_LEARN_FROM", "split")


def test_known_vectors_are_not_embedded_again(tmp_path: Path) -> None:
    rows = sequences()
    first = lay(tmp_path / "first", rows, DataKind.SEQUENCE)
    run_until(first, "embed", KMERS)
    assert first.json("embed", "counts") == {"embedded": 45, "cached": 0}
    again = lay(tmp_path / "again", [*rows, ("ACGTTGCA" * 20, "a", None)], DataKind.SEQUENCE)
    first.new_vectors.rename(again.cache)
    run_until(again, "embed", KMERS)
    assert again.json("embed", "counts") == {"embedded": 1, "cached": 45}
    assert np.array_equal(again.array("embed", "vectors")[:45], first.array("embed", "vectors"))
    assert len(list(again.new_vectors.glob("*.npz"))) == 1


def test_an_embedder_that_learns_does_not_learn_from_the_test(tmp_path: Path) -> None:
    test_only = ("zebra quagga okapi", "travel", "test")
    rows = [(text, label, "train") for text, label, _ in topics(10)]
    work = lay(tmp_path / "work", [*rows, test_only])
    run_until(work, "embed")
    assert not work.array("embed", "vectors")[-1].any()
    assert not work.new_vectors.exists()


def test_unlabelled_rows_take_their_clusters_as_labels(tmp_path: Path) -> None:
    work = trained(tmp_path / "work", [(text, None, None) for text, _, _ in topics()])
    report = report_of(work)
    assert report.labels_from_clusters
    assert report.nmi is None
    assert {each.label for each in report.classes} <= {each.name for each in report.clusters}
    assert report.accuracy > 0.6


def test_labels_spread_within_confident_clusters_only_among_rows_to_learn_from(
    tmp_path: Path,
) -> None:
    rows = [(text, label if n % 3 else None, None) for n, (text, label, _) in enumerate(topics(45))]
    spec = replace(SPEC, clusterer=ClustererSpec(kind=ClustererKind.KMEANS, k=4))
    work = trained(tmp_path / "work", rows, spec)
    spread, test = work.array("fit", "spread"), work.array("split", "test")
    labelled = np.array([label is not None for _, label, _ in rows])
    assert 0 < spread.sum() == report_of(work).spread_rows
    assert not (spread & (labelled | test)).any()
    said = np.array(sorted({label for _, label, _ in topics()}))[work.array("fit", "y")[spread]]
    meant = np.array([label for _, label, _ in topics(45)])[spread]
    assert (said == meant).mean() > 0.9


def test_clusters_that_tell_nothing_apart_are_refused(tmp_path: Path) -> None:
    rows = [(text, None, None) for text, _, _ in topics()]
    spec = replace(SPEC, clusterer=ClustererSpec(kind=ClustererKind.KMEANS, k=1))
    refused(lay(tmp_path / "work", rows), "ONE_CLASS", "fit", spec)


def test_classes_of_one_text_each_are_refused(tmp_path: Path) -> None:
    rows = [(text, f"label {n // 2}", None) for n, (text, _, _) in enumerate(topics(4))]
    refused(lay(tmp_path / "work", rows), "TOO_FEW_TEXTS_A_CLASS", "fit")


def test_ten_rows_are_enough(tmp_path: Path) -> None:
    rows = [(text, "rest" if label != "travel" else label, None) for text, label, _ in topics(3)]
    assert report_of(trained(tmp_path / "work", rows)).test_rows == 3


def test_nothing_but_noise_is_no_obstacle_for_labelled_rows(tmp_path: Path) -> None:
    noise = ClustererSpec(kind=ClustererKind.HDBSCAN, min_cluster_size=60)
    report = report_of(trained(tmp_path / "work", topics(), replace(SPEC, clusterer=noise)))
    assert (report.clusters, report.noise_rows) == ((), 120)
    assert (report.nmi, report.silhouette) == (0, None)
    assert report.accuracy > 0.9


def test_sequences_are_classified_from_their_words(tmp_path: Path) -> None:
    work = trained(tmp_path / "work", sequences(), KMERS, DataKind.SEQUENCE)
    report = report_of(work)
    assert report.accuracy == 1.0
    assert not report.sparse_view
    assert all(len(word) == 6 for each in report.clusters for word in each.keywords)


def test_what_the_spec_fixes_is_not_chosen(tmp_path: Path) -> None:
    asked = ClassifierSpec(c=3.0, sparse_view=False)
    report = report_of(trained(tmp_path / "work", topics(), replace(SPEC, classifier=asked)))
    assert (report.c, report.sparse_view) == (3.0, False)
    assert [each.name for each in report.baselines] == ["majority"]  # terms were not looked at


def test_a_stage_that_is_cancelled_leaves_no_folder(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics())
    run_until(work, "cluster")

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        run_stage("fit", work, SPEC, stop)
    assert not (work.folder / "fit").exists()
    assert run_stage("fit", work, SPEC, silent).done == 96


def test_progress_never_goes_back_and_ends_at_its_total(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics())
    for name in STAGES:
        told: list[tuple[int, int]] = []
        run_stage(name, work, SPEC, lambda done, total, told=told: told.append((done, total)))
        assert [done for done, _ in told] == sorted(done for done, _ in told), name
        assert told[-1][0] == told[-1][1], name
