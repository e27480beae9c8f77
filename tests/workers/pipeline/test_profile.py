"""What is counted over the rows, and the guess of the language."""

from __future__ import annotations

import pytest

from store.records.dataset import LabelCount, LanguageShare, Lengths, Profile
from workers.pipeline import profile
from workers.pipeline.language import languages_of
from workers.pipeline.profile import Profiler
from workers.pipeline.rows import Row


def profiled(rows: list[Row], *, empty_rows: int = 0, sequences: bool = False) -> Profile:
    profiler = Profiler(sequences=sequences)
    for row in rows:
        profiler.add(row)
    return profiler.profile(empty_rows=empty_rows)


def test_everything_is_counted() -> None:
    found = profiled(
        [
            Row("a", None, "train"),  # 1st of "a", unlabelled: it conflicts with nobody
            Row("bb", "x", "train"),
            Row("a", "y", "train"),  # leaks into test
            Row("bb", "y", "train"),  # conflicts
            Row("a", "x", "test"),  # conflicts with the first label of "a", and leaks
            Row("cccc", "x", None),
            Row("cccc", None, "train"),  # a duplicate, but not in another split
            Row("bb", "x", "train"),
        ],
        empty_rows=3,
    )
    assert found == Profile(
        rows=8,
        labelled_rows=6,
        labels=(LabelCount("x", 4), LabelCount("y", 2)),
        label_count=2,
        lengths=Lengths(min=1, median=2, p95=4, max=4, mean=2.1),
        duplicate_rows=5,
        conflicting_rows=2,
        empty_rows=3,
        split_rows=(LabelCount("train", 6), LabelCount("test", 1)),
        leaked_rows=3,
    )


def test_no_labels_and_no_splits() -> None:
    found = profiled([Row("ACGT", None, None)])
    assert (found.rows, found.labelled_rows, found.labels, found.split_rows) == (1, 0, (), ())
    assert (found.duplicate_rows, found.conflicting_rows, found.leaked_rows) == (0, 0, 0)


def test_many_labels_are_counted_and_the_largest_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "MAX_LABELS", 2)
    labels = ["c", "b", "b", "a"]
    found = profiled([Row(str(n), label, None) for n, label in enumerate(labels)])
    assert found.labels == (LabelCount("b", 2), LabelCount("a", 1))
    assert found.label_count == 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my card? It should have come last week.", "en"),
        ("Où est ma carte ? Elle devait arriver la semaine dernière.", "fr"),
        ("Wo bleibt meine Karte? Sie sollte letzte Woche kommen.", "de"),
        ("¿Dónde está mi tarjeta? Debía llegar la semana pasada.", "es"),
        ("私のカードはどこにありますか。先週届くはずでした。", "ja"),
        ("Где моя карта? Она должна была прийти на прошлой неделе.", "ru"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert languages_of([text]) == (LanguageShare(language, 1.0),)


def test_the_share_of_the_language() -> None:
    english = ["This is a row of plain English words."] * 3
    german = ["Dies ist eine Zeile mit deutschen Wörtern."]
    found = languages_of(english + german + ["123", "ok"])
    assert found == (LanguageShare("en", 0.75), LanguageShare("de", 0.25))


def test_no_language_can_be_told() -> None:
    assert languages_of(["12", "?", "x7"]) == ()


def test_the_sample_is_of_the_whole_and_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "SAMPLE", 50)
    german = [Row("Dies ist eine Zeile mit deutschen Wörtern.", None, None)] * 100
    english = [Row("This is a row of plain English words.", None, None)] * 900
    found = profiled(german + english)
    assert found.language == "en"
    assert 0.75 < found.language_share < 1.0
