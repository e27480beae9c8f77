"""What is proposed, or told, of data that could be meant otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.records.dataset import DataKind
from tests.workers.pipeline.data import QUESTIONS, csv_text, read
from workers.pipeline.sequences import look_like_sequences


def table(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def test_numbers_under_the_name_text_are_the_text(tmp_path: Path) -> None:
    rows = (f"{n * 7919},{'odd' if n % 2 else 'even'}" for n in range(30))
    columns = read(tmp_path, table("text,label", *rows)).result.columns
    assert (columns.text, columns.label) == ("text", "label")


def test_of_columns_as_good_the_first_is_taken_and_the_others_told(tmp_path: Path) -> None:
    rows = (f'"{a}","{b}",{k},{"de" if len(a) % 2 else "en"}'
            for (a, k), (b, _) in zip(QUESTIONS, QUESTIONS[::-1], strict=True))  # fmt: skip
    columns = read(tmp_path, table("question1,question2,team,lang", *rows)).result.columns
    assert (columns.text, columns.label) == ("question1", "lang")
    assert columns.reasons[0].endswith("It might be 'question2' as well.")
    assert columns.reasons[1].endswith("It might be 'team' as well.")


@pytest.mark.parametrize(
    ("words", "splits"),
    [
        ("TRAIN TRAIN Dev", {"train", "valid"}),
        ("trn trn tst", {"train", "test"}),
        ("train train holdout", {"train", "test"}),
        ("train train eval", {"train", "valid"}),
        ("Training  Validation", {"train", None, "valid"}),
    ],
)
def test_parts_by_other_names(tmp_path: Path, words: str, splits: set[str | None]) -> None:
    names = words.split(" ") * 4
    rows = [f'"{t}",{k},{s}' for (t, k), s in zip(QUESTIONS, names, strict=True)]
    taken = read(tmp_path, table("text,label,part", *rows))
    assert (taken.result.columns.split, {row[2] for row in taken.rows}) == ("part", splits)


def test_a_split_of_folds_is_told_and_no_label(tmp_path: Path) -> None:
    rows = [f'"{t}",{n % 3}' for n, (t, _) in enumerate(QUESTIONS)]
    columns = read(tmp_path, table("text,fold", *rows)).result.columns
    assert (columns.label, columns.split) == (None, None)
    assert columns.reasons[1].startswith("split: 'fold' is left aside, as '0' names no part")


def relabelled(labels: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((text, label) for (text, _), label in zip(QUESTIONS, labels, strict=True))


@pytest.mark.parametrize("sign", [";", "|", ","])
def test_labels_that_are_several_are_told(tmp_path: Path, sign: str) -> None:
    labels = ["a", f"a{sign}b", f"b{sign} c", "c"] * 3
    taken = read(tmp_path, csv_text(relabelled(labels)))
    assert (taken.problem.code, taken.problem.value) == ("SEVERAL_LABELS", f"a{sign}b")
    assert (len(taken.rows), taken.result.rejected_rows) == (12, 0)


def test_labels_with_a_comma_of_their_own_are_whole(tmp_path: Path) -> None:
    labels = ["Paris, France", "Lyon, France", "Bath"] * 4
    taken = read(tmp_path, csv_text(relabelled(labels)))
    assert taken.result.problem_count == 0


def test_lines_of_fasttext(tmp_path: Path) -> None:
    lines = [f"__label__{k} {t}" for t, k in QUESTIONS]
    taken = read(tmp_path, "\n".join(lines), "train.txt")
    assert taken.rows == tuple((text, label, None) for text, label in QUESTIONS)
    taken = read(tmp_path, "\n".join([*lines, "__label__a __label__b two", "none"]), "train")
    assert taken.faults == [("NESTED_VALUE", 13)]
    assert taken.rows[-1] == ("none", None, None)


def test_sequences_in_a_table_are_told_and_have_no_language(tmp_path: Path) -> None:
    rows = [f"{'ACGGT' * 8}{'ACGT'[n % 4] * 4},{'xy'[n % 2]}" for n in range(12)]
    taken = read(tmp_path, table("sequence,family", *rows))
    assert taken.problem.code == "SEQUENCES_AS_TEXT"
    assert (taken.result.profile.language, taken.result.profile.warnings) == (None, ())
    taken = read(tmp_path, table("sequence,family", *rows), kind=DataKind.SEQUENCE)
    assert taken.result.problem_count == 0


def test_words_are_no_sequences() -> None:
    assert not look_like_sequences(["GATTACA IS A FILM ABOUT GENETICS", "CAT", "a tag act"])
    assert look_like_sequences(["MKV" * 12 + "*", "acgu" * 10])


@pytest.mark.parametrize("header", ["{id} {genus}", "{id}|{genus}", "{id} | {genus} "])
def test_words_behind_the_id_can_be_the_label(tmp_path: Path, header: str) -> None:
    genera = ("Bacillus", "Vibrio cholerae") * 3
    records = (f">{header.format(id=f's{n}', genus=g)}\nACGTT\n" for n, g in enumerate(genera))
    taken = read(tmp_path, "".join(records), "rows.fasta", kind=DataKind.SEQUENCE)
    assert (taken.result.columns.label, taken.labels) == ("description", list(genera))


def test_words_behind_the_id_that_differ_are_no_label(tmp_path: Path) -> None:
    records = (f">gi|{n}|gb|A{n}| protein {n}\nACGTT\n" for n in range(6))
    taken = read(tmp_path, "".join(records), "rows.fasta", kind=DataKind.SEQUENCE)
    assert taken.result.columns.label is None
