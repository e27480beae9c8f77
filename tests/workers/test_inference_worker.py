"""Answers from a real bundle through the real queue of calls."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store.errors import StoreError
from store.records.model import Model
from store.store import Store
from tests.workers.conftest import OWNER, trained
from workers.inference.adoption import adopt
from workers.inference_worker import InferenceWorker
from workers.pipeline.serving import Bundle
from workers.pipeline_worker import PipelineWorker


@pytest.fixture
async def model(store: Store, worker: PipelineWorker) -> AsyncIterator[Model]:
    """A published model, with an inference worker that serves it."""
    job = await trained(store, worker)
    published = await store.models.publish(job.model_id or "", job.model_version_id or "", OWNER)
    serving = asyncio.create_task(InferenceWorker(store).serve())
    yield published
    serving.cancel()
    await asyncio.wait({serving})


async def test_it_answers_alone_as_in_a_batch(store: Store, model: Model) -> None:
    texts = ["rain and thunder with fog", "simmer the garlic in butter", "an invoice for the bank"]
    version = model.published_version_id or ""
    together = await store.calls.predict(version, tuple(texts), 4, 2)
    assert [answer.label for answer in together] == ["weather", "kitchen", "finance"]
    for text, answer in zip(texts, together, strict=True):
        assert await store.calls.predict(version, (text,), 4, 2) == [answer]
        assert sum(score.probability for score in answer.scores) == pytest.approx(1, abs=1e-3)
        assert len(answer.neighbours) == 2
        assert answer.neighbours[0].label == answer.label


async def test_an_answer_is_logged_and_the_next_one_comes_from_the_cache(
    store: Store, model: Model
) -> None:
    asked = (OWNER, model, model.published_version_id or "", ("a hotel and a flight",), 3, 0)
    first, second = await store.predictions.predict(*asked), await store.predictions.predict(*asked)
    assert (first[0].prediction.cached, second[0].prediction.cached) == (False, True)
    assert first[0].answer == second[0].answer
    while await store.mongo.predictions.count({}) < 2:
        await asyncio.sleep(0.05)
    logged = await store.mongo.predictions.get(first[0].prediction.id)
    assert (logged.text, logged.label) == ("a hotel and a flight", "travel")


async def test_a_deleted_model_leaves_no_files_and_comes_back_when_restored(
    store: Store, model: Model
) -> None:
    version = model.published_version_id or ""
    [answer] = await store.calls.predict(version, ("rain and fog",), 1, 0)
    folder = store.settings.data / "bundles" / version
    assert folder.is_dir()
    await store.models.withdraw(model.id)
    await store.trash.put(model.id, OWNER)
    while folder.exists():
        await asyncio.sleep(0.05)
    with pytest.raises(StoreError) as caught:
        await store.calls.predict(version, ("rain and fog",), 1, 0)
    assert caught.value.code == "MODEL_UNAVAILABLE"
    assert not folder.exists()
    await store.trash.restore(model.id)
    assert await store.calls.predict(version, ("rain and fog",), 1, 0) == [answer]


async def test_a_worker_that_is_stopped_answers_what_it_has_taken(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = (await trained(store, worker)).model_version_id or ""
    answer, is_taken = Bundle.answer, threading.Event()

    def slowly(self: Bundle, *asked: Any) -> Any:
        is_taken.set()
        time.sleep(0.5)
        return answer(self, *asked)

    monkeypatch.setattr(Bundle, "answer", slowly)
    serving = asyncio.create_task(InferenceWorker(store).serve())
    asked = asyncio.create_task(store.calls.predict(version, ("rain and fog",), 1, 0))
    await asyncio.to_thread(is_taken.wait)
    serving.cancel()
    assert [each.label for each in await asked] == ["weather"]
    await asyncio.wait({serving})


async def test_an_unknown_version_is_refused_by_name(store: Store, model: Model) -> None:
    with pytest.raises(StoreError) as caught:
        await store.calls.predict("mdv_unknown", ("text",), 1, 0)
    assert caught.value.code == "MODEL_UNAVAILABLE"
    assert await store.calls.predict(model.published_version_id or "", ("still here",), 1, 0)


async def test_a_damaged_bundle_is_refused_and_never_answers(
    store: Store, worker: PipelineWorker
) -> None:
    job = await trained(store, worker)
    version = await store.mongo.model_versions.get(job.model_version_id or "")
    weights = max(version.files, key=lambda file: file.bytes)
    await store.objects.delete(f"blobs/{weights.sha256}")
    await store.objects.put_bytes(f"blobs/{weights.sha256}", b"\0" * weights.bytes)
    serving = asyncio.create_task(InferenceWorker(store).serve())
    with pytest.raises(StoreError) as caught:
        await store.calls.predict(version.id, ("rain",), 1, 0)
    assert caught.value.code == "MODEL_UNAVAILABLE"
    serving.cancel()
    await asyncio.wait({serving})


async def test_a_bundle_folder_is_served_from_the_start(
    store: Store, worker: PipelineWorker, tmp_path: Path
) -> None:
    job = await trained(store, worker)
    version = await store.mongo.model_versions.get(job.model_version_id or "")
    folder = tmp_path / "shipped-model"
    for file in version.files:
        (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
        await store.objects.fetch(f"blobs/{file.sha256}", folder / file.name)
    for _ in range(2):
        await adopt(store, folder)
    model = await store.mongo.models.find_by(name="shipped-model")
    assert model is not None
    assert model.version_count == 1
    adopted = await store.mongo.model_versions.get(model.published_version_id or "")
    assert (adopted.labels, adopted.report) == (version.labels, version.report)


async def test_a_folder_that_is_no_bundle_is_not_served(store: Store, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    await adopt(store, tmp_path)
    assert await store.mongo.models.count({}) == 0
