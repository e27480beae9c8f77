"""The figures of drift: no alarm where nothing drifted, the shift where something did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from store.clock import now
from store.codec import to_plain
from store.records.dataset import DataKind
from store.records.drift import LEVEL, DriftSign, Logged, Traffic
from store.records.prediction import Decision
from store.records.training import LabelSpec, RareLabels, SplitSpec
from tests.workers.pipeline.training import KMERS, sequences, trained
from workers.pipeline.arrays import Floats
from workers.pipeline.bundle import MANIFEST, NOVELTY
from workers.pipeline.drift.chance import (
    ALLOWED,
    PERMUTATIONS,
    Deal,
    divergences,
    figure,
    stability_index,
)
from workers.pipeline.drift.holes import _passing as passing
from workers.pipeline.drift.measuring import measure
from workers.pipeline.drift.teaching import order
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import silent
from workers.pipeline.requests import DriftRequest

OWN, OTHERS, DIMENSIONS = 60, 150, 12
TRIES = 40


def vectors(chance: np.random.Generator, count: int, shift: float = 0.0) -> Floats:
    made = chance.normal(size=(count, DIMENSIONS)).astype(np.float32)
    made[:, 0] += shift
    return unit(made)


def figures(chance: np.random.Generator, shift: float) -> dict[DriftSign, bool]:
    """What is called drifted of `OWN` texts whose every property is shifted."""
    deal = Deal.of(OWN, OTHERS, chance)
    both = np.vstack([vectors(chance, OWN, shift), vectors(chance, OTHERS)])
    values = np.append(chance.normal(shift, size=OWN), chance.normal(size=OTHERS))
    kinds = np.clip(np.round(values * 2 + 5), 0, 9).astype(np.int64)
    found = (
        figure(DriftSign.INPUT, deal.discrepancy(both)),
        figure(DriftSign.NOVELTY, deal.upper_ranks(values)),
        figure(DriftSign.LABELS, deal.divergence(kinds, 10)),
        figure(DriftSign.CONFIDENCE, deal.largest_gap(values)),
    )
    return {each.sign: each.drifted for each in found}


def test_quiet_days_are_not_called_drifted_and_others_are() -> None:
    chance = np.random.default_rng(3)
    alarms = sum(any(figures(chance, 0.0).values()) for _ in range(TRIES))
    assert alarms <= 3  # 0.4 are expected; more than 3 has a chance of 0.1 %
    for _ in range(5):
        assert all(figures(chance, 2.0).values())


def test_the_level_is_shared_among_the_signs() -> None:
    assert LEVEL / len(DriftSign) >= (ALLOWED + 1) / (PERMUTATIONS + 1)
    values = np.append(5.0, np.arange(PERMUTATIONS) / PERMUTATIONS)
    assert figure(DriftSign.INPUT, values).p_value == 1 / (PERMUTATIONS + 1)
    tied = figure(DriftSign.NOVELTY, np.full(1 + PERMUTATIONS, 0.3))
    assert (tied.p_value, tied.drifted) == (1.0, False)


def test_the_discrepancy_is_that_of_its_definition() -> None:
    chance = np.random.default_rng(5)
    own, others = vectors(chance, 7, 1.0), vectors(chance, 11)
    pooled = np.vstack([own, others])
    found = Deal.of(7, 11, chance).discrepancy(pooled)[0]
    squares = ((pooled[:, None] - pooled[None]) ** 2).sum(axis=2)
    kernel = np.exp(-squares / np.median(squares))
    pairs = [
        np.mean([kernel[i, j] for i in rows for j in columns if i != j])
        for rows, columns in ((range(7), range(7)), (range(7, 18), range(7, 18)))
    ]
    across = kernel[:7, 7:].mean()
    assert found == pytest.approx(sum(pairs) - 2 * across, abs=1e-5)


def test_distances_of_histograms_and_values_have_their_textbook_values() -> None:
    chance = np.random.default_rng(7)
    apart = Deal.of(3, 2, chance)
    assert apart.divergence(np.array([0, 0, 0, 1, 1]), 2)[0] == pytest.approx(1.0)
    assert apart.largest_gap(np.array([1.0, 1.0, 2.0, 3.0, 4.0]))[0] == 1.0
    assert Deal.of(2, 2, chance).largest_gap(np.array([1.0, 1.0, 1.0, 1.0]))[0] == 0.0
    half = divergences(np.array([1.0, 0.0]), np.array([0.5, 0.5])).sum()
    assert half == pytest.approx(0.311278, abs=1e-6)
    assert stability_index(np.array([5.0, 5.0]), np.array([50.0, 50.0])) == pytest.approx(0)
    moved = stability_index(np.array([899.5, 99.5]), np.array([499.5, 499.5]))
    assert moved == pytest.approx(0.4 * np.log(1.8) + 0.4 * np.log(5), abs=1e-3)


def test_strange_texts_pass_by_their_rank() -> None:
    p_values = np.array([0.5, 0.001, 0.9, 0.07, 0.002])
    assert sorted(passing(p_values)) == [1, 4]  # a tenth of 1/5, 2/5, 3/5: the third is over 0.06
    p_values[3] = 0.06
    assert sorted(passing(p_values)) == [1, 3, 4]
    assert list(passing(np.array([0.5, 0.9]))) == []


def test_far_texts_are_taught_first_and_no_two_alike() -> None:
    points = unit(
        np.array([[1, 0, 0], [0.99, 0.1, 0], [0, 1, 0], [0, 0, 1], [0, 0.1, 1]], np.float32)
    )
    cosines = np.array([0.9, 0.9, 0.5, 0.1, 0.2], np.float32)
    assert list(order(points, cosines, 3))[:2] == [3, 2]
    assert sorted(order(points, cosines, 9)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("is_old", [False, True])
def test_a_family_of_sequences_that_was_never_learnt_is_a_hole(
    tmp_path: Path, is_old: bool
) -> None:
    """Also for a bundle from before strange texts were told."""
    rows = sequences(per_label=60)
    known, fresh = rows[:120], [text for text, _, _ in rows[120:150]]
    spec = replace(
        KMERS, split=SplitSpec(test_share=0.4), labels=LabelSpec(RareLabels.DROP, min_rows=2)
    )
    lone = (fresh[0], "a label of one row, which is left out", None)
    learnt = [*known[:40], *known[60:100], lone]
    work = trained(tmp_path / "work", learnt, spec, DataKind.SEQUENCE)
    if is_old:
        forget(work.bundle, f"{NOVELTY}/", "rules.json")
    asked = [*(text for text, _, _ in known[40:60] + known[100:]), *fresh]
    read = [Logged(f"prd_{n}", text, "a", 0.9, Decision.ANSWER) for n, text in enumerate(asked)]
    day = Traffic(now(), 140, tuple(read))
    (tmp_path / "traffic.json").write_bytes(orjson.dumps([to_plain(day)]))
    request = DriftRequest(
        bundle=work.bundle, input=work.input, traffic=tmp_path / "traffic.json", since=now(),
        kind=DataKind.SEQUENCE, seed=0,
    )  # fmt: skip
    found = measure(request, silent)
    assert found.held_out.rows == 32
    (told,) = found.days
    drifted = {figure.sign for figure in told.figures if figure.drifted}
    assert DriftSign.NOVELTY in drifted
    assert "stranger than 95% of the held-out rows" in told.message
    places = {int(each.removeprefix("prd_")) for hole in found.holes for each in hole.candidates}
    assert len(places & set(range(40, 70))) >= 27
    assert len(places - set(range(40, 70))) <= 3
    assert found.holes[0].a_day == pytest.approx(2 * found.holes[0].predictions)  # half was read


def forget(bundle: Path, *names: str) -> None:
    """Take these out of a bundle, as if they had never been in it."""
    manifest = orjson.loads((bundle / MANIFEST).read_bytes())
    for name in [each for each in manifest["files"] if each.startswith(names)]:
        (bundle / name).unlink()
        del manifest["files"][name]
    (bundle / NOVELTY).rmdir()
    (bundle / MANIFEST).write_bytes(orjson.dumps(manifest))
