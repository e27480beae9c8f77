"""The embed stage in shards: how it is cut, and that the vectors are those of one done whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.records.training import EmbedderSpec
from tests.workers.pipeline.training import SPEC, lay, run_until, topics
from workers.pipeline import embed_shards
from workers.pipeline.embed_shards import BrokenShard, EmbedPlan, ShardRequest, embed_shard, plan
from workers.pipeline.embedders import embedder_key
from workers.pipeline.embedders.engine import prepared
from workers.pipeline.progress import Cancelled, silent
from workers.pipeline.workspace import Workspace

MINILM = replace(SPEC, embedder=EmbedderSpec())


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_shards, "SHARD_TEXTS", 50)
    monkeypatch.setattr(embed_shards, "FEW_TEXTS", 60)


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    """120 rows after the split, of them 110 distinct texts."""
    rows = topics()
    work = lay(tmp_path / "work", [*rows[:110], *rows[:10]])
    run_until(work, "split", MINILM)
    return work


def key() -> str:
    known = embedder_key(EmbedderSpec())
    assert known is not None
    return known


def do(work: Workspace, name: str) -> int:
    texts = work.shards / f"{name}.parquet"
    asked = ShardRequest(name, texts, MINILM.embedder, key(), prepared(key()), work.new_vectors)
    return embed_shard(asked, silent)


def planned(work: Workspace) -> EmbedPlan:
    return plan(work, MINILM, silent)


def test_distinct_texts_are_cut_into_even_shards(work: Workspace) -> None:
    found = planned(work)
    assert (found.rows, found.known) == (120, 10)
    assert [shard.rows for shard in found.shards] == [50, 50, 10]
    assert sorted(path.stem for path in work.shards.iterdir()) == sorted(
        shard.name for shard in found.shards
    )
    assert (work.engine / "config.json").is_file()


def test_in_shards_and_whole_give_the_same_vectors(work: Workspace, tmp_path: Path) -> None:
    names = [shard.name for shard in planned(work).shards]
    assert sum(do(work, name) for name in reversed(names)) == 110
    assert {path.stem for path in work.new_vectors.iterdir()} == set(names)
    run_until(work, "embed", MINILM)
    rows = topics()
    whole = lay(tmp_path / "whole", [*rows[:110], *rows[:10]])
    run_until(whole, "embed", MINILM)
    assert np.array_equal(work.array("embed", "vectors"), whole.array("embed", "vectors"))
    assert np.array_equal(work.array("embed", "truncated"), whole.array("embed", "truncated"))
    assert work.json("embed", "counts") == {"embedded": 120, "cached": 0}


def test_what_is_left_is_cut_as_it_was(work: Workspace) -> None:
    first, second, last = planned(work).shards
    do(work, first.name)
    again = planned(work)
    assert again.shards == ()  # 60 texts are few
    assert again.known == 60
    (work.new_vectors / f"{first.name}.npz").unlink()
    do(work, last.name)
    assert planned(work).shards == (first, second)


def test_texts_that_are_known_from_before_are_not_planned(work: Workspace) -> None:
    first = planned(work).shards[0]
    do(work, first.name)
    work.new_vectors.rename(work.cache)
    run_until(work, "embed", MINILM)
    assert work.json("embed", "counts") == {"embedded": 60, "cached": 60}


def test_few_texts_are_not_handed_around(tmp_path: Path) -> None:
    work = lay(tmp_path / "work", topics(15))
    run_until(work, "split", MINILM)
    assert planned(work) == EmbedPlan(rows=60, known=0, shards=())
    assert not work.shards.exists()
    assert not work.engine.exists()


def test_other_texts_than_the_shards_own_are_refused(work: Workspace) -> None:
    first, second, _ = planned(work).shards
    (work.shards / f"{second.name}.parquet").replace(work.shards / f"{first.name}.parquet")
    with pytest.raises(BrokenShard, match="not those it is named by"):
        do(work, first.name)
    assert not work.new_vectors.exists()


@pytest.mark.parametrize("damage", [b"", b"PAR1 and nothing else", None])
def test_texts_that_cannot_be_read_are_refused(work: Workspace, damage: bytes | None) -> None:
    first = planned(work).shards[0]
    path = work.shards / f"{first.name}.parquet"
    if damage is None:
        pq.write_table(pa.table({"other": ["a"]}), path)
    else:
        path.write_bytes(damage)
    with pytest.raises(BrokenShard, match=f"{first.name} cannot be read"):
        do(work, first.name)


def test_a_cancel_is_noticed_between_batches(work: Workspace) -> None:
    first = planned(work).shards[0]

    def stop(done: int, total: int) -> None:
        raise Cancelled

    texts = work.shards / f"{first.name}.parquet"
    asked = ShardRequest(
        first.name, texts, MINILM.embedder, key(), prepared(key()), work.new_vectors
    )
    with pytest.raises(Cancelled):
        embed_shard(asked, stop)
    assert not work.new_vectors.exists()
