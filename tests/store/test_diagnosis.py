"""Rules over failures: what they say, and that each fix would change the right thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.clock import now
from store.diagnosis import Diagnosis, Fix, PurgeAgain, ReadAgain, RunAgain, diagnose
from store.diagnosis.rules import RULES
from store.records.dataset import (
    Columns,
    DataFormat,
    DataKind,
    DatasetVersion,
    LabelCount,
    Lengths,
    Problem,
    Profile,
    Reading,
    Shard,
    SourceFile,
    VersionStatus,
)
from store.records.job import (
    Failure,
    Job,
    JobKind,
    JobStatus,
    Stage,
    StageStatus,
    new_stages,
)
from store.records.training import (
    DEFAULT_MODEL,
    ClustererKind,
    ClustererSpec,
    EmbedderKind,
    EmbedderSpec,
    LabelSpec,
    RareLabels,
    SplitSpec,
    TrainingSpec,
)

AT = now()
LENGTHS = Lengths(1, 2, 3, 4, 2.5)


def profile(*labels: tuple[str, int], unlabelled: int = 0, **more: object) -> Profile:
    counts = tuple(LabelCount(label, rows) for label, rows in labels)
    labelled = sum(rows for _, rows in labels)
    known = Profile(
        rows=labelled + unlabelled, labelled_rows=labelled, labels=counts, label_count=len(counts),
        lengths=LENGTHS, duplicate_rows=0, conflicting_rows=0, empty_rows=0,
    )  # fmt: skip
    return replace(known, **more)  # type: ignore[arg-type]


def version_of(
    *, rows: int = 0, kind: DataKind = DataKind.TEXT, found: Profile | None = None,
    problems: tuple[Problem, ...] = (), asked: Reading | None = None,
    columns: Columns | None = None,
) -> DatasetVersion:  # fmt: skip
    rows = found.rows if found else rows
    status = VersionStatus.REJECTED if problems else VersionStatus.READY
    source = SourceFile("uploads/a/raw", "rows.csv", 10, "0" * 64).to_be_read(asked or Reading())
    return DatasetVersion(
        "dsv_1", "ds_1", "usr_1", 1, kind, source, columns or Columns(), AT, status=status,
        shards=(Shard("a", rows, 1, ""),) if rows else (), profile=found, problems=problems,
    )  # fmt: skip


def failed(
    code: str, *, kind: JobKind = JobKind.TRAIN, stage: str | None = None,
    message: str = "it broke", spec: TrainingSpec | None = None,
    problems: tuple[Problem, ...] = (), **more: object,
) -> Job:  # fmt: skip
    failure = Failure(code, message, False, stage, problems)
    job = Job(
        "job_1", kind, "usr_1", "ds_1", "dsv_1", AT, new_stages(kind), status=JobStatus.FAILED,
        spec=spec or TrainingSpec(), failure=failure, attempt=4,
    )  # fmt: skip
    return replace(job, **more)  # type: ignore[arg-type]


def diagnosed(job: Job, version: DatasetVersion | None = None) -> Diagnosis:
    found = diagnose(job, version)
    assert found is not None
    assert found.cause.endswith(".")
    assert all(each.endswith((".", ".”")) for each in found.evidence), found.evidence
    assert len({fix.id for fix in found.fixes}) == len(found.fixes)
    assert len(found.fixes) <= 10
    return found


def specs(found: Diagnosis) -> dict[str, TrainingSpec]:
    """The spec that each fix would train by."""
    actions = {fix.id: fix.action for fix in found.fixes}
    return {
        id: action.spec
        for id, action in actions.items()
        if isinstance(action, RunAgain) and action.spec
    }


def readings(found: Diagnosis) -> dict[str, tuple[Reading, Columns]]:
    actions = {fix.id: fix.action for fix in found.fixes}
    return {
        id: (action.reading, action.columns)
        for id, action in actions.items()
        if isinstance(action, ReadAgain)
    }


def at_stage(name: str, done: int, total: int, **more: object) -> tuple[Stage, ...]:
    """The stages of a training that ended in `name`, with what is known of others by their name."""
    changed = {name: {"status": StageStatus.FAILED, "done": done, "total": total}, **more}
    return tuple(replace(each, **changed.get(each.name, {})) for each in new_stages(JobKind.TRAIN))


# -- which jobs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [each for each in JobStatus if each is not JobStatus.FAILED])
def test_only_a_failed_job_has_a_diagnosis(status: JobStatus) -> None:
    assert diagnose(replace(failed("LOST"), status=status), None) is None


@pytest.mark.parametrize("code", [*RULES, "SOMETHING_NEW"])
@pytest.mark.parametrize("kind", list(JobKind))
def test_every_rule_copes_with_a_record_that_knows_nothing(code: str, kind: JobKind) -> None:
    found = diagnosed(failed(code, kind=kind, purges="ds_2" if kind is JobKind.PURGE else None))
    assert len(found.evidence) <= 10


def test_an_unknown_failure_may_be_tried_again() -> None:
    found = diagnosed(failed("INTERNAL", stage="fit"), version_of(rows=100))
    assert found.evidence == ("It broke.", "It ended in the stage fit.", "It was tried 4 times.")
    assert found.fixes == (Fix("again", "Do it again as it was", RunAgain()),)


def test_a_purge_is_asked_for_again() -> None:
    found = diagnosed(failed("NOT_FREED", kind=JobKind.PURGE, purges="mdl_9"))
    assert [fix.action for fix in found.fixes] == [PurgeAgain("mdl_9")]


# -- memory ---------------------------------------------------------------------------------------


def test_out_of_memory_while_fitting() -> None:
    stages = at_stage(
        "fit", 0, 120_000, embed={"peak_bytes": 5 * 2**30}, clean={"peak_bytes": 2**20}
    )
    job = failed("OUT_OF_MEMORY", stage="fit", stages=stages)
    found = diagnosed(job, version_of(rows=120_000))
    assert found.evidence == (
        "It ended in the stage fit at 0 of 120,000 rows.",
        "Its process had held 5.0 GB by the end of embed.",
        "The version has 120,000 rows.",
        "It was tried 4 times.",
    )
    assert [fix.id for fix in found.fixes] == ["no-sparse-view", "fewer-rows", "again"]
    assert specs(found)["no-sparse-view"].classifier.sparse_view is False
    assert specs(found)["fewer-rows"] == replace(job.spec, max_rows=60_000)


def test_out_of_memory_while_embedding() -> None:
    found = diagnosed(failed("OUT_OF_MEMORY", stage="embed"), version_of(rows=999))
    assert specs(found)["embedder-static"].embedder.kind is EmbedderKind.STATIC
    assert specs(found)["fewer-rows"].max_rows == 500


@pytest.mark.parametrize(
    ("embedder", "shorter"),
    [
        (EmbedderSpec(EmbedderKind.TFIDF, dimensions=100), {"dimensions": 64}),
        (EmbedderSpec(EmbedderKind.KMER, k=6), {"k": 5}),
    ],
)
def test_vectors_may_be_shorter(embedder: EmbedderSpec, shorter: dict[str, int]) -> None:
    job = failed("OUT_OF_MEMORY", stage="cluster", spec=TrainingSpec(embedder))
    found = diagnosed(job, version_of(rows=100))
    assert specs(found)["shorter-vectors"].embedder == replace(embedder, **shorter)  # type: ignore[arg-type]


def test_what_was_done_already_is_not_advised() -> None:
    small = EmbedderSpec(EmbedderKind.TFIDF, dimensions=64)
    spec = TrainingSpec(small, max_rows=15)
    spec = replace(spec, classifier=replace(spec.classifier, sparse_view=False))
    found = diagnosed(failed("OUT_OF_MEMORY", stage="fit", spec=spec), version_of(rows=100))
    assert [fix.id for fix in found.fixes] == ["again"]
    assert "The version has 100 rows, of which 15 were taken." in found.evidence


def test_sequences_have_no_view_of_words_to_leave_out() -> None:
    spec = TrainingSpec(EmbedderSpec(EmbedderKind.KMER, k=4))
    job = failed("OUT_OF_MEMORY", stage="fit", spec=spec)
    found = diagnosed(job, version_of(rows=100, kind=DataKind.SEQUENCE))
    assert [fix.id for fix in found.fixes] == ["fewer-rows", "again"]


def test_a_killed_child_is_told_from_one_that_broke_down() -> None:
    killed = diagnosed(
        failed("CHILD_DIED", stage="fit", message="the stage's process was killed, most likely..."),
        version_of(rows=100),
    )
    broke = diagnosed(
        failed("CHILD_DIED", stage="fit", message="the stage's process ended with -11"),
        version_of(rows=100),
    )
    assert "memory" in killed.cause
    assert killed.fixes[0].id == "no-sparse-view"
    assert "-11" in broke.cause
    assert broke.fixes[0].id == "again"


def test_a_lost_job_names_the_stage_that_was_under_way() -> None:
    found = diagnosed(failed("LOST", stages=at_stage("embed", 40, 100)), version_of(rows=100))
    assert found.evidence[0] == "It ended in the stage embed at 40 of 100 rows."
    assert [fix.id for fix in found.fixes] == ["again", "embedder-static", "fewer-rows"]


# -- labels ---------------------------------------------------------------------------------------


def test_lone_labels_may_be_merged_or_left_out() -> None:
    lone = tuple((f"odd {n}", 1) for n in range(4))
    rows = (
        Problem("TOO_FEW_TEXTS_A_CLASS", "no class...", "append"),
        Problem("LONE_LABEL", "No other text is labelled 'odd 0'.", "-", value="text", row=7),
    )
    job = failed("TOO_FEW_TEXTS_A_CLASS", stage="fit", problems=rows)
    found = diagnosed(job, version_of(found=profile(("a", 2), ("b", 2), *lone, unlabelled=12)))
    assert "4 of them are on a single row." in found.evidence
    assert [(row.text, row.row, row.line) for row in found.rows] == [("text", 7, None)]
    assert {id: spec.labels for id, spec in specs(found).items()} == {
        "merge-labels-2": LabelSpec(RareLabels.MERGE, 2),
        "drop-labels-3": LabelSpec(RareLabels.DROP, 3),  # then clusters are the classes
    }


def test_merging_is_not_advised_where_it_would_leave_one_label() -> None:
    lone = tuple((f"odd {n}", 1) for n in range(12))
    found = diagnosed(failed("NOTHING_TO_TEST_ON"), version_of(found=profile(*lone)))
    assert found.fixes == ()


def test_what_was_rare_before_is_called_rare_by_a_higher_number() -> None:
    spec = TrainingSpec(labels=LabelSpec(RareLabels.DROP, 2))
    job = failed("TOO_FEW_TEXTS_A_CLASS", spec=spec)
    found = diagnosed(job, version_of(found=profile(("a", 4), ("b", 2), ("c", 2), ("d", 2))))
    assert specs(found)["merge-labels-3"].labels == LabelSpec(RareLabels.MERGE, 3)


def test_a_small_sample_is_a_reason() -> None:
    job = failed("NOTHING_TO_TEST_ON", spec=TrainingSpec(max_rows=10))
    found = diagnosed(job, version_of(found=profile(("a", 40), ("b", 40))))
    assert specs(found) == {"all-rows": TrainingSpec()}


def test_a_split_that_keeps_a_label_from_learning_may_be_left() -> None:
    split = (LabelCount("train", 30), LabelCount("test", 10))
    found = diagnosed(
        failed("ONE_LABEL_TO_LEARN_FROM"),
        version_of(found=profile(("a", 30), ("b", 10), split_rows=split)),
    )
    assert specs(found)["own-split"].split == SplitSpec(use_given=False)
    assert "The data bring their own split: train 30, test 10 rows." in found.evidence


def test_one_label_alone_is_for_its_owner_to_mend() -> None:
    found = diagnosed(failed("ONE_LABEL"), version_of(found=profile(("a", 30))))
    assert found.fixes == ()
    assert any("label column" in each for each in found.evidence)


def test_labels_merged_into_one_may_be_kept() -> None:
    spec = TrainingSpec(labels=LabelSpec(RareLabels.MERGE, 50))
    found = diagnosed(failed("ONE_LABEL", spec=spec), version_of(found=profile(("a", 9), ("b", 9))))
    assert specs(found) == {"keep-labels": TrainingSpec()}


@pytest.mark.parametrize(
    ("clusterer", "finer"),
    [
        (ClustererSpec(), ClustererSpec(resolution=16.0)),
        (ClustererSpec(ClustererKind.KMEANS, k=2), ClustererSpec(ClustererKind.LEIDEN, k=2)),
    ],
)
def test_clusters_may_be_finer(clusterer: ClustererSpec, finer: ClustererSpec) -> None:
    job = failed("ONE_CLASS", spec=TrainingSpec(clusterer=clusterer))
    found = diagnosed(job, version_of(found=profile(unlabelled=40)))
    assert specs(found)["finer-clusters"].clusterer == finer


# -- embedders ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "embedder"),
    [
        (DataKind.TEXT, EmbedderKind.SENTENCE_TRANSFORMER),
        (DataKind.SEQUENCE, EmbedderKind.KMER),
    ],
)
def test_texts_without_words(kind: DataKind, embedder: EmbedderKind) -> None:
    job = failed("NO_WORDS", spec=TrainingSpec(EmbedderSpec(EmbedderKind.TFIDF)))
    found = diagnosed(job, version_of(rows=50, kind=kind))
    assert [spec.embedder for spec in specs(found).values()] == [EmbedderSpec(embedder)]


def test_a_model_that_is_not_there() -> None:
    spec = TrainingSpec(EmbedderSpec(model="acme/tiny"))
    found = diagnosed(failed("MODEL_NOT_FOUND", spec=spec), version_of(rows=50))
    assert found.evidence == ("The model that was asked for is 'acme/tiny'.",)
    assert specs(found)["default-model"].embedder.model == DEFAULT_MODEL
    assert [fix.id for fix in found.fixes] == ["default-model", "embedder-tfidf", "again"]


# -- services -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        ("STORAGE_KEY_REFUSED", "MINIO_ACCESS_KEY"),
        ("STORAGE_SECRET_REFUSED", "MINIO_SECRET_KEY"),
        ("STORAGE_ACCESS_DENIED", "SHOAL_BUCKET"),
        ("STORAGE_BUCKET_MISSING", "SHOAL_BUCKET"),
        ("STORAGE_FOLDER_REFUSED", "SHOAL_DATA"),
        ("DISK_FULL", "SHOAL_DATA"),
    ],
)
def test_what_an_operator_has_to_set_right_is_named(code: str, setting: str) -> None:
    found = diagnosed(failed(code, kind=JobKind.INGEST, stage="store"), version_of())
    assert setting in found.cause
    assert [fix.action for fix in found.fixes] == [RunAgain()]


def test_a_service_that_was_away_is_named() -> None:
    found = diagnosed(failed("UNAVAILABLE", message="objects is unavailable: SlowDown"))
    assert "The service objects did not" in found.cause
    assert found.fixes[0].label.endswith("once objects answers")


# -- files ----------------------------------------------------------------------------------------


def row(code: str, line: int, value: str) -> Problem:
    return Problem(code, f"Fault {code}.", "mend it", line, "text", value)


def rejected(code: str, *rows: Problem, fix: str = "-", **more: object) -> Diagnosis:
    problems = (Problem(code, "it is wrong", fix), *rows)
    version = version_of(problems=problems, **more)  # type: ignore[arg-type]
    return diagnosed(failed(code, kind=JobKind.INGEST, stage="read"), version)


def test_rows_of_another_encoding() -> None:
    shown = "\\xe3\\xe4\\xe5 \\xec\\xee\\xff \\xea\\xe0\\xf0\\xf2\\xe0"  # где моя карта in cp1251
    found = rejected("NO_GOOD_ROWS", row("BAD_ENCODING", 2, shown), row("BAD_ENCODING", 3, shown))
    assert "2 of the problems kept are BAD_ENCODING." in found.evidence
    assert [(each.line, each.text) for each in found.rows] == [(2, shown), (3, shown)]
    first = found.fixes[0]
    assert first.id == "encoding-cp1251"
    assert first.label == "Read the file again as cp1251 (Cyrillic, Windows): “где моя карта”"
    assert readings(found)["encoding-cp1251"] == (Reading(encoding="cp1251"), Columns())


def test_what_else_was_asked_for_is_kept() -> None:
    asked, columns = Reading(DataFormat.CSV, None, ";"), Columns("text", "label")
    shown = "\\xe3\\xe4\\xe5 \\xec\\xee\\xff \\xea\\xe0\\xf0\\xf2\\xe0"
    found = rejected("NO_GOOD_ROWS", row("BAD_ENCODING", 2, shown), asked=asked, columns=columns)
    reading, named = readings(found)["encoding-cp1251"]
    assert reading == replace(asked, encoding="cp1251")
    assert named == columns
    assert readings(found)["columns-found"] == (asked, Columns())


def test_zero_bytes_between_letters() -> None:
    found = rejected("NO_GOOD_ROWS", row("NUL_BYTE", 1, "a\\x00b"), row("NUL_BYTE", 2, "c\\x00d"))
    assert readings(found)["encoding-utf-16-le"][0].encoding == "utf-16-le"


def test_rows_that_another_delimiter_parts_evenly() -> None:
    lines = [row("FIELD_COUNT", n, f"a, b, c {'and, d' * n}^x") for n in range(2, 6)]
    found = rejected("NO_GOOD_ROWS", *lines, asked=Reading(delimiter=","))
    assert readings(found)["delimiter-carets"][0] == Reading(DataFormat.CSV, None, "^")
    assert readings(found)["format-text"][0] == Reading(DataFormat.TEXT)
    assert "delimiter-commas" not in readings(found)


def test_columns_by_nearly_the_right_name() -> None:
    listed = "The columns are: 'Text', 'LABEL', 'note'."
    asked = Columns("text", "lable")
    found = rejected("UNKNOWN_COLUMN", fix=listed, columns=asked)
    assert readings(found)["columns-near"][1] == Columns("Text", "LABEL")
    assert readings(found)["columns-found"][1] == Columns()


def test_columns_by_names_in_another_encoding() -> None:
    names = ("\\xf2\\xe5\\xea\\xf1\\xf2", "\\xec\\xe5\\xf2\\xea\\xe0")
    listed = f"The columns are: {names[0]!r}, {names[1]!r}."
    columns = Columns("текст", "метка")
    found = rejected("UNKNOWN_COLUMN", fix=listed, columns=columns)
    assert readings(found)["encoding-cp1251"] == (Reading(encoding="cp1251"), columns)
    assert "“текст”" in found.fixes[0].label


def test_columns_in_a_header_that_was_not_cut() -> None:
    listed = "The columns are: 'id^text^label'."
    found = rejected("UNKNOWN_COLUMN", fix=listed, columns=Columns("text", "label"))
    assert readings(found)["delimiter-carets"][0] == Reading(DataFormat.CSV, None, "^")


def test_a_format_that_was_chosen_may_be_the_mistake() -> None:
    found = rejected("WRONG_FORMAT", asked=Reading(DataFormat.PARQUET, "cp1251"))
    assert readings(found)["format-found"][0] == Reading(None, "cp1251")
    assert rejected("WRONG_FORMAT").fixes == ()


def test_a_file_that_kills_its_reader_is_read_into_a_new_version() -> None:
    problems = (Problem("READER_FAILED", "killed", "-"),)
    job = failed("CHILD_DIED", kind=JobKind.INGEST, stage="read", message="it was killed")
    found = diagnosed(job, version_of(problems=problems, asked=Reading(DataFormat.JSONL)))
    assert readings(found)["again"][0] == Reading(DataFormat.JSONL)
    assert readings(found)["format-text"][0] == Reading(DataFormat.TEXT)
