"""An index against figures worked out by hand, and against comparing all rows."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from store.records.dataset import DataKind
from store.records.search import MAX_TEXT, Match, Query, RowFilter, SearchMode
from workers.pipeline.arrays import Floats
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import silent
from workers.pipeline.search import folder as folders
from workers.pipeline.search import index as indexes
from workers.pipeline.search.folder import IndexRefused, Parts, load_index, write_index
from workers.pipeline.search.graph import exact, questions
from workers.pipeline.search.index import Index, NoSuchRow
from workers.pipeline.search.keywords import Keywords, write_keywords
from workers.pipeline.search.words import matches, words
from workers.pipeline.table import Table, groups_of

SEMANTIC = Query(SearchMode.SEMANTIC)
D = 32


def table(texts: list[str], labels: list[str | None] | None = None, first_row: int = 0) -> Table:
    n = len(texts)
    splits: list[str | None] = ["train" if i % 2 else "test" for i in range(n)]
    rows = np.arange(first_row, first_row + n)
    return Table(rows, texts, labels or [None] * n, splits, groups_of(texts), [None] * n)


def clustered(n: int, seed: int = 0) -> Floats:
    """Unit vectors around centres, as embedded texts are."""
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((max(n // 40, 1), D)).astype(np.float32)
    noise = chance.standard_normal((n, D)).astype(np.float32)
    return unit(centres[chance.integers(0, len(centres), n)] + np.float32(0.6) * noise)


def made(folder: Path, of: Table, vectors: Floats, kind: DataKind = DataKind.TEXT) -> Index:
    write_index(folder / "index", Parts(kind, of, vectors, None, None), silent)
    return load_index(folder / "index")


def numbered(n: int) -> Table:
    labels: list[str | None] = [None if i % 7 == 0 else f"l{i % 5}" for i in range(n)]
    return table([f"row {i}" for i in range(n)], labels)


@pytest.fixture(scope="module")
def exactly(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return made(tmp_path_factory.mktemp("exact"), numbered(2_000), clustered(2_000))


@pytest.fixture(scope="module")
def approximate(tmp_path_factory: pytest.TempPathFactory) -> Index:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "EXACT_ROWS", 1_000)
        return made(tmp_path_factory.mktemp("graph"), numbered(6_000), clustered(6_000))


def test_words_are_cut_alike_in_rows_and_questions() -> None:
    assert words("The CARD's fee_2: Straße, été!") == [
        "the", "card", "s", "fee", "2", "strasse", "été",
    ]  # fmt: skip
    assert words("東京タワー at 9") == [*"東京タワー", "at", "9"]
    assert matches("A Fee, two FEES, a fee", {"fee"}) == (Match(2, 5), Match(19, 22))
    assert len(matches("fee " * 500, {"fee"})) == 50


def test_bm25_is_the_one_worked_out_by_hand(tmp_path: Path) -> None:
    """Three rows of 2, 3 and 1 words, so 2 on average; `card` in two of them, `fee` in one."""
    write_keywords(tmp_path / "words", ["card fee", "card card lost", "hello"])
    found = Keywords.load(tmp_path / "words", 3)
    card, fee = math.log(1 + 1.5 / 2.5), math.log(1 + 2.5 / 1.5)
    average = 1 * 2.2 / (1 + 1.2)  # once in a row of average length
    longer = 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))  # twice in a longer one
    scores = found.scores(["fee", "card", "fee", "unheard"])
    assert scores == pytest.approx([card * average + fee * average, card * longer, 0], abs=1e-6)
    assert found.most(["fee", "card", "unheard"]) == pytest.approx(2.2 * (card + fee))
    assert found.scores(["unheard"]).tolist() == [0, 0, 0]


def test_every_search_is_that_of_comparing_all_rows(exactly: Index) -> None:
    stored = unit(exactly.vectors.packed.astype(np.float32))
    for vector in questions(stored, 20, seed=3):
        [answer] = exactly.search(["?"], [vector], SEMANTIC)
        cosines = np.round((stored @ vector).astype(np.float64), 4)
        best = np.argsort(-cosines, kind="stable")[:10]
        assert [hit.row for hit in answer.hits] == best.tolist()
        assert [hit.semantic for hit in answer.hits] == cosines[best].tolist()
        assert answer.total == 2_000


def test_equal_scores_go_by_row_number_and_pages_join(tmp_path: Path) -> None:
    vectors = np.tile(unit(np.ones((1, D), np.float32)), (30, 1))
    index = made(tmp_path, table(["same"] * 30, first_row=100), vectors)
    rows = []
    for skip in range(0, 30, 7):
        query = Query(first=7, skip=skip)
        [answer] = index.search(["same"], [vectors[0]], query)
        rows += [hit.row for hit in answer.hits]
        assert [hit.rank for hit in answer.hits][:1] == [skip + 1]
    assert rows == list(range(100, 130))


def test_rows_that_come_out_of_order_are_found_by_their_numbers(tmp_path: Path) -> None:
    """Rows keep their numbers, with gaps where some were dropped."""
    rows, vectors = np.array([40, 7, 22]), clustered(3)
    texts = ["forty", "seven", "twenty-two"]
    of = Table(rows, texts, [None] * 3, [None] * 3, groups_of(texts), ["a", "b", None])
    index = made(tmp_path, of, vectors)
    for at, (row, text) in enumerate(zip(rows, texts, strict=True)):
        [answer] = index.search([text], [vectors[at]], Query(first=1))
        assert [(hit.row, hit.text, hit.name) for hit in answer.hits] == [(row, text, of.name[at])]
    with pytest.raises(NoSuchRow):
        index.search([""], [None], Query(like_row=8))


def test_hybrid_shows_the_parts_that_it_sums(tmp_path: Path) -> None:
    vectors = unit(np.eye(3, D, dtype=np.float32) + np.float32(0.1))
    index = made(tmp_path, table(["card fee", "card lost", "other"]), vectors)
    [answer] = index.search(["fee"], [vectors[1]], Query(SearchMode.HYBRID))
    assert {hit.row for hit in answer.hits} == {0, 1, 2}
    for hit in answer.hits:
        assert hit.semantic is not None
        assert hit.keyword is not None
        assert hit.score == pytest.approx(0.8 * hit.semantic + 0.2 * hit.keyword, abs=1e-6)
    assert [hit.keyword for hit in answer.hits if hit.row != 0] == [0, 0]
    assert next(hit for hit in answer.hits if hit.row == 0).matches == (Match(5, 8),)
    [only] = index.search(["fee"], [vectors[1]], Query(SearchMode.KEYWORD))
    assert [(hit.row, hit.semantic) for hit in only.hits] == [(0, None)]


@pytest.mark.parametrize("name", ["exactly", "approximate"])
def test_a_filter_leaves_exactly_its_rows(name: str, request: pytest.FixtureRequest) -> None:
    index: Index = request.getfixturevalue(name)
    vector = questions(unit(index.vectors.packed.astype(np.float32)), 1, seed=9)[0]
    n = len(index.columns)
    cases = {
        RowFilter(labels=("l1",)): [i for i in range(n) if i % 7 and i % 5 == 1],
        RowFilter(unlabelled=True): [i for i in range(n) if i % 7 == 0],
        RowFilter(unlabelled=False, splits=("test",)): [i for i in range(n) if i % 7 and not i % 2],
        RowFilter(labels=("l1", "l2"), splits=("train",)): [
            i for i in range(n) if i % 7 and i % 5 in (1, 2) and i % 2
        ],
        RowFilter(labels=("unheard",)): [],
        RowFilter(labels=()): [],
    }
    for wanted, rows in cases.items():
        for mode in (SearchMode.SEMANTIC, SearchMode.HYBRID):
            [answer] = index.search(["row"], [vector], Query(mode, 100, 0, None, wanted))
            assert answer.total == len(rows)
            assert len(answer.hits) == min(100, len(rows))
            assert {hit.row for hit in answer.hits} <= set(rows)
    few = RowFilter(labels=("l1",), splits=("test",))
    [answer] = index.search(["row 6"], [vector], Query(SearchMode.SEMANTIC, 10, 0, None, few))
    rows = np.array([i for i in range(n) if i % 7 and i % 5 == 1 and not i % 2])
    nearest = rows[exact(index.vectors.packed[rows].astype(np.float32), vector[None], 10)[0]]
    assert len({hit.row for hit in answer.hits} & set(nearest.tolist())) >= 9  # float16 may tie


def test_a_graph_finds_nearly_all_that_comparing_does(approximate: Index) -> None:
    assert approximate.graph is not None
    stored = unit(approximate.vectors.packed.astype(np.float32))
    asked = questions(stored, 100, seed=4)
    truth = exact(stored, asked, 10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "FEW_ROWS", 1_000)
        answers = approximate.search(["?"] * 100, list(asked), SEMANTIC)
    found = [
        len({hit.row for hit in answer.hits} & set(rows))
        for answer, rows in zip(answers, truth.tolist(), strict=True)
    ]
    assert sum(found) / 1_000 >= 0.95


def test_the_words_count_where_the_graph_does_not_look(
    approximate: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is too far for the graph, but the only one with its word, is a candidate."""
    monkeypatch.setattr(indexes, "FEW_ROWS", 1_000)
    stored = unit(approximate.vectors.packed.astype(np.float32))
    row = int(np.argsort(stored @ stored[0])[-indexes.CANDIDATES - 20])
    [meant] = approximate.search(["?"], [stored[0]], Query(first=100))
    assert row not in [hit.row for hit in meant.hits]
    [both] = approximate.search([str(row)], [stored[0]], Query(first=100))
    assert row in [hit.row for hit in both.hits]


def test_a_graph_that_misses_too_much_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "EXACT_ROWS", 100)
    monkeypatch.setattr(folders, "measured", lambda graph, vectors: (1_024, 0.9))
    index = made(tmp_path, numbered(200), clustered(200))
    assert index.graph is None
    assert not (tmp_path / "index" / "graph.faiss").exists()


def test_like_this_row_finds_others(exactly: Index) -> None:
    [answer] = exactly.search([""], [None], Query(SearchMode.SEMANTIC, like_row=5))
    assert 5 not in [hit.row for hit in answer.hits]
    assert answer.total == 1_999
    stored = unit(exactly.vectors.packed.astype(np.float32))
    cosines = np.round((stored @ stored[5]).astype(np.float64), 4)
    cosines[5] = -2
    assert answer.hits[0].row == int(np.argmax(cosines))


def test_long_texts_are_cut_and_sequences_have_no_words(tmp_path: Path) -> None:
    vectors = clustered(2)
    index = made(tmp_path, table(["A" * 5_000, "C" * 10]), vectors, DataKind.SEQUENCE)
    [answer] = index.search(["AAA"], [vectors[0]], Query())
    assert len(answer.hits[0].text) == MAX_TEXT
    assert (answer.hits[0].keyword, answer.hits[0].score) == (None, answer.hits[0].semantic)
    assert index.plain(" ac-gt\n") == "ACGT"


@pytest.mark.parametrize("damage", ["cut", "changed", "missing", "strange", "format"])
def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path, damage: str) -> None:
    made(tmp_path, numbered(20), clustered(20))
    index = tmp_path / "index"
    vectors, manifest = index / "vectors.npy", index / "manifest.json"
    whole = vectors.read_bytes()
    match damage:
        case "cut":
            vectors.write_bytes(whole[:-8])
        case "changed":
            vectors.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        case "missing":
            (index / "words" / "terms.json").unlink()
        case "strange":
            (index / "more.pickle").write_bytes(b"")
        case "format":
            manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(IndexRefused):
        load_index(index)


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    write_keywords(tmp_path / "words", ["a card", "a fee"])
    with pytest.raises(ValueError, match="row that is not there"):
        Keywords.load(tmp_path / "words", 1)
    np.save(tmp_path / "words" / "starts.npy", np.array([0, 1]))
    with pytest.raises(ValueError, match="differ in length"):
        Keywords.load(tmp_path / "words", 2)
