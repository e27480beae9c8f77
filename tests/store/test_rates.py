"""What is learnt from the stages that were run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.records.job import Span
from store.records.rate import BASE_BYTES, MOST, Observation, Rate, total

runs = st.lists(
    st.builds(
        Observation,
        units=st.integers(0, 10**7),
        seconds=st.floats(0.001, 1e5),
        peak_bytes=st.integers(0, 2**40),
    ),
    min_size=1,
    max_size=2 * MOST,
)


def rate(*seen: Observation) -> Rate:
    learnt = Rate("embed")
    for each in seen:
        learnt = learnt.observed(each)
    return learnt


def test_time_grows_in_proportion_to_rows() -> None:
    learnt = rate(*[Observation(10_000, 10.0)] * 8)
    assert learnt.seconds(10_000).p50 == pytest.approx(10.0)
    assert learnt.seconds(100_000).p50 == pytest.approx(98.2, rel=0.01)


def test_runs_of_a_like_size_count_most() -> None:
    small, large = Observation(500, 3.0), Observation(100_000, 50.0)
    learnt = rate(*[small, large] * 4)
    assert learnt.seconds(600).p50 == pytest.approx(3.4, rel=0.05)
    assert learnt.seconds(90_000).p50 == pytest.approx(45, rel=0.05)


def test_one_run_alone_is_doubted_more_than_many() -> None:
    one, many = rate(Observation(100, 1.0)), rate(*[Observation(100, 1.0)] * 20)
    assert one.seconds(100) == Span(1.0, 2.0)
    assert many.seconds(100).p90 == pytest.approx(1.05)


def test_only_the_latest_runs_are_kept() -> None:
    learnt = rate(*[Observation(100, 9.0)] * MOST, *[Observation(100, 1.0)] * MOST)
    assert len(learnt.observations) == MOST
    assert learnt.seconds(100).p50 == 1.0


def test_memory_grows_with_rows_above_what_the_libraries_hold() -> None:
    learnt = rate(Observation(9_800, 1.0, BASE_BYTES + 1_000))
    assert learnt.peak_bytes(100) == BASE_BYTES + 1_000
    assert learnt.peak_bytes(19_800) == BASE_BYTES + 2_000


@given(runs, st.integers(0, 10**7))
def test_a_forecast_is_never_negative_nor_upside_down(seen: list[Observation], units: int) -> None:
    span = rate(*seen).seconds(units)
    assert 0 < span.p50 <= span.p90
    assert rate(*seen).peak_bytes(units) >= 0


def test_doubts_of_stages_do_not_add_up_in_full() -> None:
    assert total([Span(3, 6), Span(4, 8)]) == Span(7, 12)
    assert total([]) == Span(0, 0)
