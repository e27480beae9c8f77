"""What is kept for a while goes when that is over, and nothing else with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from store import ids
from store.clock import now
from store.objects import keys
from store.records.prediction import Prediction
from store.settings import Settings
from store.store import Store
from store.system.retention import Retention
from tests.operation.conftest import Filled

DAY_S = 24 * 3600
LONG_AGO = now() - timedelta(days=3)


def retention(store: Store, **kept: int) -> Retention:
    settings: Settings = store.settings.model_copy(update=kept)
    return Retention(settings=settings, mongo=store.mongo, objects=store.objects)


async def kept(store: Store, prediction: Prediction) -> bool:
    return await store.mongo.predictions.find(prediction.id) is not None


@pytest.fixture
async def predictions(store: Store, filled: Filled) -> list[Prediction]:
    """A new one, an old one, and an old one that was corrected."""
    old = replace(filled.prediction, id=ids.earliest(ids.PREDICTION, LONG_AGO), at=LONG_AGO)
    again = replace(
        old, id=ids.derived(ids.PREDICTION, LONG_AGO, "corrected"), correction="farewell"
    )
    made = [filled.prediction, old, again]
    await store.mongo.predictions.insert_many_ignoring_known(made)
    return made


async def test_old_answers_go_unless_somebody_corrected_them(
    store: Store, predictions: list[Prediction]
) -> None:
    swept = retention(store, prediction_ttl_s=DAY_S)
    assert await swept.sweep() == 1
    assert [await kept(store, each) for each in predictions] == [True, False, True]
    assert await swept.sweep() == 0


async def test_nothing_goes_unless_it_is_asked_for(
    store: Store, predictions: list[Prediction]
) -> None:
    old = keys.job_log(ids.earliest(ids.JOB, LONG_AGO), "")
    await store.objects.put_bytes(old, b"x")
    assert await retention(store).sweep() == 0
    assert all([await kept(store, each) for each in predictions])
    assert await store.objects.stat(old)


async def test_old_logs_of_jobs_go(store: Store, filled: Filled) -> None:
    dataset_id = filled.ended.dataset_id
    old = ids.earliest(ids.JOB, LONG_AGO)
    gone = [keys.job_log(old, each) for each in ("", dataset_id)]
    stays = keys.job_log(ids.new(ids.JOB), dataset_id)
    for key in (*gone, stays):
        await store.objects.put_bytes(key, b"x")
    assert await retention(store, job_log_ttl_s=DAY_S).sweep() == 2
    assert [await store.objects.stat(key) is not None for key in (*gone, stays)] == [
        False, False, True,
    ]  # fmt: skip
