"""Explanations of real bundles: exact where they claim to be, at the right places of the text."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from store.records.dataset import DataKind
from store.records.explanation import MAX_VARIANTS, Explanation, Question
from store.records.training import ClassifierSpec
from tests.workers.pipeline.training import KMERS, SPEC, Row, sequences, trained
from workers.pipeline.bundle import load_bundle
from workers.pipeline.classifiers.sparse import letters
from workers.pipeline.classifiers.sparse import words as words_of
from workers.pipeline.explaining import pieces
from workers.pipeline.explaining.contrast import Contrast
from workers.pipeline.explaining.explaining import explain
from workers.pipeline.explaining.located import Lowered, letters_at, spread, words_at
from workers.pipeline.serving import Bundle

FILLER = (
    "please", "tell", "me", "about", "my", "card", "because", "i", "have", "been", "waiting",
    "since", "monday",
)  # fmt: skip
PLANTED = {"refunds": "refund", "transfers": "transfer", "limits": "limit"}
ODD = [
    "", " ", "a", "İstanbul ΣΑΣ Refund REFUND, can't\n\n😀 é e\u0301 x-y", "naïve café—refund!",
    "我想要退款。 カード", "\u2028tab\tand\x1fmore", "hello hello Hello", "x" * 5_000,
]  # fmt: skip


def planted(per_label: int = 30) -> list[Row]:
    """Sentences of the same words, each with the one word that decides its label; a few lie."""
    chance = random.Random(3)
    rows: list[Row] = []
    for label in PLANTED:
        for number in range(per_label):
            words = [*chance.sample(FILLER, 6), PLANTED[label if number % 8 else "limits"]]
            chance.shuffle(words)
            rows.append((f"{' '.join(words)} {number}", label, None))
    return rows


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Of both views."""
    spec = replace(SPEC, classifier=ClassifierSpec(sparse_view=True))
    folder = tmp_path_factory.mktemp("planted") / "work"
    return load_bundle(trained(folder, planted(), spec).bundle)


@pytest.fixture(scope="module")
def kmers(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("kmers") / "work"
    work = trained(folder, sequences(), KMERS, DataKind.SEQUENCE)
    return load_bundle(work.bundle)


def why(bundle: Bundle, text: str, **asked: object) -> Explanation:
    return explain(bundle, text, replace(Question(words=MAX_VARIANTS, neighbours=3), **asked))


@pytest.mark.parametrize("before", ["", "my café and \U0001f600 ", "\n\n\tİ e\u0301 ", "我 "])
def test_the_word_that_decides_counts_most_at_its_place(bundle: Bundle, before: str) -> None:
    text = f"{before}please, where is my refund? i have been waiting"
    found = why(bundle, text)
    top = found.words[0]
    assert (found.label, top.text) == ("refunds", "refund")
    assert (top.start, top.end) == (text.index("refund"), text.index("refund") + 6)
    assert top.terms > 0 < top.meaning
    assert top.weight == pytest.approx(top.terms + top.meaning, abs=1e-4)
    assert all(text[word.start : word.end] == word.text for word in found.words)


def test_the_terms_sum_to_the_sparse_score_exactly(bundle: Bundle) -> None:
    view = bundle.head.sparse
    assert view is not None
    signs = Contrast.of(bundle.head, 0).signs
    for text in [*ODD, *(text for text, _, _ in planted(5))]:
        total = spread(view, text, signs).sum() + view.bias.astype(np.float64) @ signs
        score = view.scores([text])[0].astype(np.float64) @ signs
        assert total == pytest.approx(score, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("text", ODD)
def test_the_located_terms_are_those_of_the_sparse_view(text: str) -> None:
    lowered = Lowered.of(text)
    assert len(lowered.origin) == len(lowered.text)
    assert sorted(term for term, _ in words_at(lowered.text)) == sorted(words_of(text))
    assert sorted(term for term, _ in letters_at(lowered.text)) == sorted(letters(text))


@pytest.mark.parametrize("text", ODD)
def test_every_character_but_blanks_is_in_one_piece(text: str) -> None:
    places = [i for piece in pieces.words(text) for i in range(piece.first, piece.last)]
    assert places == [i for i, letter in enumerate(text) if not letter.isspace()]
    for piece in pieces.words(text):
        assert piece.first <= piece.start < piece.end <= piece.last


def test_words_are_cut_as_people_read_them() -> None:
    text = "“Can't refund,please” e\u0301té 我要 x-ray - 3.5% 😀😀!"
    shown = [text[piece.start : piece.end] for piece in pieces.words(text)]
    assert shown == [
        "Can't", "refund", "please", "e\u0301té", "我", "要", "x-ray", "-", "3", "5", "😀😀!",
    ]  # fmt: skip


def test_all_words_together_explain_what_the_words_add(bundle: Bundle) -> None:
    found = why(bundle, "refund")
    assert found.explained == found.words[0].weight
    assert found.explained == pytest.approx(found.score - found.empty_score, abs=1e-3)


def test_weights_are_said_for_the_label_asked_about(bundle: Bundle) -> None:
    text = "where is my refund"
    other = why(bundle, text, label="limits")
    assert (other.label, other.rival) == ("limits", "refunds")
    assert other.words[0].text == "refund"
    assert other.words[0].weight < 0
    assert other.score < 0
    against = why(bundle, text, label="limits", against="transfers")
    assert abs(against.words[0].weight) < abs(other.words[0].weight)
    assert {row.label for row in against.opposing} == {"transfers"}


def test_the_score_is_the_logarithm_of_how_much_likelier_the_label_is(bundle: Bundle) -> None:
    text = "where is my refund"
    found = why(bundle, text, label="refunds", against="limits")
    (probabilities,) = bundle.head.probabilities([text], bundle.encoder.encode([text]).vectors)
    of = dict(zip(bundle.head.classes, probabilities, strict=True))
    assert found.score == pytest.approx(np.log(of["refunds"] / of["limits"]), abs=1e-3)


def test_without_its_top_words_the_label_is_gone(bundle: Bundle) -> None:
    found = why(bundle, "please tell me about my refund")
    assert found.deletion is not None
    assert found.deletion.words <= 3
    assert found.deletion.probability < 0.6 < found.probability


def test_rows_for_and_against(bundle: Bundle) -> None:
    found = why(bundle, "where is my refund")
    assert found.rival in PLANTED
    assert [row.label for row in found.supporting] == ["refunds"] * 3
    assert [row.label for row in found.opposing] == [found.rival] * 3
    for rows in (found.supporting, found.opposing, found.nearest):
        assert [row.cosine for row in rows] == sorted((row.cosine for row in rows), reverse=True)
    (answer,) = bundle.answer([found.text], 2, 3)
    assert found.nearest == answer.neighbours
    assert (found.answer.label, found.answer.scores) == (answer.label, answer.scores)


def test_rows_are_looked_up_by_their_numbers(bundle: Bundle) -> None:
    number = int(bundle.known.numbers[4])
    (row,) = why(bundle, "refund", rows=(number, 999_999), words=0).known
    assert row.row == number
    assert row.label == bundle.head.classes[bundle.known.labels[4]]


def test_nothing_is_weighed_where_nothing_is_asked_or_said(bundle: Bundle) -> None:
    for found in (why(bundle, "my refund", words=0), why(bundle, ""), why(bundle, " \n")):
        assert (found.words, found.passages, found.explained) == ((), (), 0)
        assert found.deletion is None
    assert why(bundle, "").score == why(bundle, "").empty_score


def test_it_says_the_same_again_and_of_other_texts_in_between(bundle: Bundle) -> None:
    texts = [text for text, _, _ in planted(3)]
    first = [why(bundle, text) for text in texts]
    assert [why(bundle, text) for text in reversed(texts)] == first[::-1]


class Counting:
    """An encoder that counts what it embeds."""

    def __init__(self, bundle: Bundle) -> None:
        self._encoder, self.count = bundle.encoder, 0
        self.dimensions = bundle.encoder.dimensions

    def encode(self, texts: list[str], *more: object) -> object:
        self.count += len(texts)
        return self._encoder.encode(texts)


@pytest.mark.parametrize(
    "sentence", ["please tell me about my card. ", "no stop at all ", "我要退款"]
)
def test_a_long_text_costs_a_bounded_number_of_forms(bundle: Bundle, sentence: str) -> None:
    text = (sentence * 2_000)[:5_000] + " refund " + (sentence * 2_000)[:4_990]
    counting = Counting(bundle)
    found = why(replace(bundle, encoder=counting), text)
    assert counting.count <= MAX_VARIANTS
    assert 2 <= len(found.passages) <= 32
    assert found.explained == pytest.approx(sum(each.weight for each in found.passages), abs=1e-3)
    assert "".join(text[each.start : each.end] for each in found.passages).replace(" ", "") == (
        text.replace(" ", "")
    )
    top = max(found.passages, key=lambda passage: abs(passage.weight))
    assert any(top.start <= word.start and word.end <= top.end for word in found.words)


def test_passages_end_with_sentences(bundle: Bundle) -> None:
    sentences = [f"This is sentence {n}, about nothing much at all." for n in range(20)]
    found = why(bundle, " ".join(sentences))
    assert [passage.text.rstrip(".") + "." for passage in found.passages] == sentences


def test_a_sequence_is_weighed_by_windows(kmers: Bundle) -> None:
    sequence = sequences()[0][0]
    found = why(kmers, sequence)
    assert (found.answer.label, found.passages) == ("a", ())
    assert len(found.words) <= MAX_VARIANTS
    assert "".join(w.text for w in sorted(found.words, key=lambda w: w.start)) == sequence
    assert found.words[0].weight > 0


def test_a_window_is_masked_not_cut_out(kmers: Bundle) -> None:
    """Half of the words are of another family: its windows speak against the answer."""
    mine, other = sequences()[0][0], sequences()[-1][0]
    found = why(kmers, mine[:200] + other[200:])
    left = sum(word.weight for word in found.words if word.end <= 200)
    assert left > sum(word.weight for word in found.words if word.start >= 200)


def test_the_only_label_is_weighed_against_nothing(bundle: Bundle) -> None:
    head = replace(bundle.head, classes=("all",))
    assert Contrast.of(head, 0).signs.tolist() == [0]


def test_an_unknown_label_is_an_error(bundle: Bundle) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        why(bundle, "refund", label="nothing")
