"""Maps of trained versions: kept, edited, known again after the next training, purged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest

from store import ids
from store.clusters.maps import Fallen
from store.datasets.datasets import Row
from store.errors import IllegalMove, InvalidValue, NotFound
from store.objects import keys
from store.records.bulk import BulkSpec, ResultFormat
from store.records.cluster_edit import EditKind
from store.records.cluster_map import COARSE, FINE, LineageKind, MappedCluster
from store.records.cluster_view import ClusterNames, ClusterView
from store.records.model import Model
from store.records.training import ClustererKind, ClustererSpec
from store.settings import Settings
from store.store import Store, open_store
from tests.workers.conftest import FAST, OWNER, small_rows, trained
from workers.inference_worker import InferenceWorker
from workers.pipeline_worker import PipelineWorker

SPEC = replace(FAST, clusterer=ClustererSpec(kind=ClustererKind.KMEANS, k=4))


@pytest.fixture
async def model(store: Store, worker: PipelineWorker) -> Model:
    """A published model of four clusters."""
    job = await trained(store, worker, SPEC)
    return await store.models.publish(job.model_id or "", job.model_version_id or "", OWNER)


@pytest.fixture
async def served(store: Store, model: Model) -> AsyncIterator[Model]:
    """The model, with an inference worker that answers for it."""
    serving = asyncio.create_task(InferenceWorker(store).serve())
    yield model
    serving.cancel()
    await asyncio.wait({serving})


async def first_view(store: Store, model: Model) -> ClusterView:
    return await store.clusters.must_view(model.published_version_id or "")


def fine(view: ClusterView) -> list[MappedCluster]:
    return [each for each in view.clusters if each.level == FINE]


async def retrained(store: Store, worker: PipelineWorker, model: Model) -> ClusterView:
    """The view of the next version, trained on a few rows more."""
    version = await store.mongo.model_versions.get(model.published_version_id or "")
    rows = [Row(text=text, label=label) for text, label in small_rows(4, seed=99)]
    made = await store.datasets.append_rows(version.dataset_id, rows=rows)
    await worker.run_job({}, made.job.id)
    job = await store.models.start_training(OWNER, made.version.id, SPEC, model.name)
    await worker.run_job({}, job.id)
    done = await store.mongo.jobs.get(job.id)
    return await store.clusters.must_view(done.model_version_id or "")


def new() -> str:
    return ids.new(ids.CLUSTER_EDIT)


async def test_a_map_is_kept_whole_and_known_texts_are_placed_near_their_own_places(
    store: Store, served: Model
) -> None:
    view = await first_view(store, served)
    assert view.map.points == 160
    assert sum(tile.points for tile in view.map.tiles) == 160
    assert sum(each.size for each in fine(view)) == 160
    groups = {each.id: each for each in view.clusters if each.level == COARSE}
    assert len(fine(view)) == 4
    assert len(groups) == 2
    for each in fine(view):
        assert each.parent in groups
        assert view.map.bounds.joined(each.bounds) == view.map.bounds
        assert each.id.startswith("clu_")
    for group in groups.values():
        assert group.size == sum(each.size for each in fine(view) if each.parent == group.id)
    assert {each.kind for each in view.map.lineage} == {LineageKind.BORN}
    points = await store.clusters.points(view, view.map.tiles[0], 200)
    assert len({point.point.row for point in points}) == 160
    texts = [text for text, _ in small_rows()]
    assert all(point.text == texts[point.point.row] for point in points)
    assert {point.cluster_id for point in points} == {each.id for each in fine(view)}
    known = [each for each in points if not each.point.flags & 1][:40]
    texts = [each.text for each in known]
    placed = await store.clusters.place(view.map.id, texts)
    width = view.map.bounds.max_x - view.map.bounds.min_x
    for each, place in zip(known, placed, strict=True):
        assert place.cosine == pytest.approx(1, abs=1e-3)
        assert place.rows[0] == each.point.row
        assert abs(place.x - each.point.x) + abs(place.y - each.point.y) < width / 20
    assert await store.clusters.place(view.map.id, texts[3:4]) == placed[3:4]
    homes = await store.clusters.homes_of(view, placed)  # a few lie nearer to another middle
    pairs = zip(known, homes, strict=True)
    assert sum(home == view.find(each.cluster_id or "") for each, home in pairs) >= 36


async def test_edits_survive_a_retraining(
    store: Store, worker: PipelineWorker, served: Model
) -> None:
    model = served
    version_id = model.published_version_id or ""
    one, two, three, four, *_ = fine(await first_view(store, model))
    rename, merge, split = new(), new(), new()
    await store.clusters.rename(version_id, one.id, "Storms", OWNER, edit_id=rename)
    await store.clusters.merge(version_id, [two.id, three.id], None, OWNER, edit_id=merge)
    made = await store.clusters.split(version_id, four.id, 2, OWNER, edit_id=split)
    view = await first_view(store, model)
    assert [step.reason for step in view.steps] == [None, None, None]
    check(view, one, two, three, four, made.parts)
    rows = [set(await store.clusters.rows_of_part(view.map, part)) for part in made.parts]
    assert [len(each) for each in rows] == [view.find(part).size for part in made.parts]  # type: ignore[union-attr]
    assert not rows[0] & rows[1]

    later = await retrained(store, worker, model)
    assert later.map.previous_id == version_id
    kept = {
        id for each in later.map.lineage if each.kind is LineageKind.CONTINUED for id in each.after
    }
    assert {one.id, two.id, three.id, four.id} <= kept
    assert [step.reason for step in later.steps] == [None, None, None]
    check(later, one, two, three, four, made.parts)
    fitted = {each.id: each for each in later.map.clusters}
    for part, before in zip(made.parts, rows, strict=True):
        after = set(await store.clusters.rows_of_part(later.map, part))
        parts = later.find(part)
        assert parts is not None and parts.size == len(after)
        moved = before - after
        others = {p.point.row for p in await store.clusters.points(later, later.map.tiles[0], 200)
                  if p.point.cluster not in fitted[four.id].numbers}  # fmt: skip
        assert moved <= others  # a known row leaves its part only with the whole cluster

    await store.clusters.undo(model.id, merge, OWNER, edit_id=new())
    undone = await store.clusters.must_view(later.map.id)
    assert undone.steps[1].reason == "it was undone"
    assert {two.id, three.id} <= {each.id for each in undone.clusters}
    assert [step.edit.kind for step in undone.steps][-1] is EditKind.UNDONE


def check(
    view: ClusterView, one: MappedCluster, two: MappedCluster, three: MappedCluster,
    four: MappedCluster, parts: tuple[str, ...],
) -> None:  # fmt: skip
    """One is renamed, two and three are merged, four is split."""
    fitted = {each.id: each for each in view.map.clusters}
    renamed, merged = view.find(one.id), view.find(two.id)
    assert renamed is not None and renamed.name == "Storms"
    assert merged is not None and merged.size == fitted[two.id].size + fitted[three.id].size
    assert set(merged.numbers) == {*fitted[two.id].numbers, *fitted[three.id].numbers}
    assert (view.find(three.id), view.find(four.id)) == (None, None)
    pieces = [view.find(part) for part in parts]
    assert sum(each.size for each in pieces if each) == fitted[four.id].size
    assert len({each.name for each in pieces if each}) == 2
    total = sum(each.size for each in view.clusters if each.level == FINE)
    assert total == view.map.points


async def test_an_edit_that_does_not_apply_says_why(
    store: Store, worker: PipelineWorker, model: Model
) -> None:
    version_id = model.published_version_id or ""
    view = await first_view(store, model)
    ids_here = [each.id for each in fine(view)]
    job = await store.models.start_training(
        OWNER,
        (await store.mongo.model_versions.get(version_id)).dataset_version_id,
        replace(SPEC, clusterer=ClustererSpec(kind=ClustererKind.KMEANS, k=2)),
        model.name,
    )
    await worker.run_job({}, job.id)
    for cluster_id in ids_here:
        await store.clusters.rename(version_id, cluster_id, f"n {cluster_id}", OWNER, edit_id=new())
    done = await store.mongo.jobs.get(job.id)
    later = await store.clusters.must_view(done.model_version_id or "")
    assert len(fine(later)) == 2
    reasons = [step.reason for step in later.steps if step.reason]
    assert len(reasons) == 2
    assert all("has merged into clu_" in why or "has died" in why for why in reasons)
    assert {each.id for each in fine(later)} <= set(ids_here)
    assert all(each.name == f"n {each.id}" for each in fine(later))


async def test_what_cannot_be_done_changes_nothing(store: Store, model: Model) -> None:
    version_id, clusters = model.published_version_id or "", store.clusters
    view = await first_view(store, model)
    one = fine(view)[0]
    group = next(each for each in view.clusters if each.level == COARSE)
    refused = [
        (InvalidValue, clusters.rename(version_id, one.id, " ", OWNER, edit_id=new())),
        (InvalidValue, clusters.rename(version_id, "clu_x", "a", OWNER, edit_id=new())),
        (NotFound, clusters.rename("mdv_x", one.id, "a", OWNER, edit_id=new())),
        (InvalidValue, clusters.merge(version_id, [one.id], None, OWNER, edit_id=new())),
        (InvalidValue, clusters.merge(version_id, [one.id] * 2, None, OWNER, edit_id=new())),
        (InvalidValue, clusters.merge(version_id, [one.id, group.id], None, OWNER, edit_id=new())),
        (InvalidValue, clusters.split(version_id, group.id, 2, OWNER, edit_id=new())),
        (InvalidValue, clusters.split(version_id, one.id, 1, OWNER, edit_id=new())),
        (NotFound, clusters.undo(model.id, "ced_x", OWNER, edit_id=new())),
    ]
    for kind, asked in refused:
        with pytest.raises(kind):
            await asked
    assert await first_view(store, model) == view
    edit_id = new()
    edit = await clusters.rename(version_id, one.id, "a", OWNER, edit_id=edit_id)
    assert await clusters.rename(version_id, one.id, "a", OWNER, edit_id=edit_id) == edit
    assert (await clusters.names(version_id)).by_number[one.numbers[0]] == "a"
    undone = await clusters.undo(model.id, edit.id, OWNER, edit_id=new())
    for again in (edit.id, undone.id):
        with pytest.raises(IllegalMove):
            await clusters.undo(model.id, again, OWNER, edit_id=new())


async def test_answers_name_the_part_of_a_split_cluster(
    store: Store, worker: PipelineWorker, served: Model
) -> None:
    """One by one and in bulk: that of the nearest row, which is a known text's own."""
    version_id, clusters = served.published_version_id or "", store.clusters
    one, *_ = fine(await first_view(store, served))
    split = await clusters.split(version_id, one.id, 2, OWNER, edit_id=new())
    await clusters.rename(version_id, split.parts[0], "Half", OWNER, edit_id=new())
    view = await first_view(store, served)
    points = await clusters.points(view, view.map.tiles[0], 200)
    known = [each for each in points if not each.point.flags & 1]  # those learnt from
    names = {each.id: each.name for each in view.clusters}
    expected = {each.text: names[each.cluster_id or ""] for each in known}
    assert "Half" in expected.values()

    fallen = [Fallen(version_id, each.point.cluster, each.text) for each in known]
    assert await clusters.called(fallen) == list(expected.values())
    version = await store.mongo.model_versions.get(version_id)
    job = await store.bulk.start(
        OWNER, version_id, BulkSpec(format=ResultFormat.JSONL),
        dataset_version_id=version.dataset_version_id,
    )  # fmt: skip
    await worker.run_job({}, job.id)
    done = await store.mongo.bulk_predictions.get(ids.sibling(ids.BULK, job.id))
    lines = (await store.objects.get_bytes(done.object_key or "")).splitlines()
    told = {row["text"]: row["cluster_name"] for row in map(orjson.loads, lines)}
    moved = [text for text, name in expected.items() if told[text] != name]
    assert len(moved) <= 3  # a few lie nearer to another cluster's middle than to their own's


async def test_no_worker_to_place_a_text_is_no_fault(settings: Settings) -> None:
    hasty = settings.model_copy(update={"predict_timeout_s": 0.2})
    async with open_store(hasty) as store:
        store.clusters._names.keep("mdv_x", ClusterNames("mdl_x", {}, {0: "Half"}))
        assert await store.clusters.called([Fallen("mdv_x", 0, "rain")]) == [None]


async def test_a_part_can_be_merged_and_split_again_and_a_purge_frees_all(
    store: Store, worker: PipelineWorker, served: Model
) -> None:
    model = served
    version_id, clusters = model.published_version_id or "", store.clusters
    one, two, *_ = fine(await first_view(store, model))
    split = await clusters.split(version_id, one.id, 2, OWNER, edit_id=new())
    await clusters.merge(version_id, [split.parts[0], two.id], "both", OWNER, edit_id=new())
    assert (await clusters.names(version_id)).by_number[two.numbers[0]] == "both"
    edit_id = new()
    again = await clusters.split(version_id, split.parts[0], 2, OWNER, edit_id=edit_id)
    told = await clusters.split(version_id, split.parts[0], 2, OWNER, edit_id=edit_id)
    assert told == again
    assert two.numbers[0] not in (await clusters.names(version_id)).by_number
    view = await first_view(store, model)
    assert [step.reason for step in view.steps] == [None] * 3
    pieces = [view.find(part) for part in (*again.parts, split.parts[1])]
    assert sum(each.size for each in pieces if each) == one.size + two.size
    points = await clusters.points(view, view.map.tiles[0], 200)
    for piece in pieces:
        assert piece is not None
        assert sum(point.cluster_id == piece.id for point in points) == piece.size
    await clusters.undo(model.id, view.steps[1].edit.id, OWNER, edit_id=new())
    undone = await first_view(store, model)
    assert undone.steps[2].reason == "the cluster has other rows than when it was split"

    prefix = keys.of_model(model.id)[0]
    held = await store.objects.list(prefix)
    assert {each.key.rpartition(".")[2] for each in held} == {"bin", "json", "npz"}
    await store.models.withdraw(model.id)
    thing = await store.trash.put(model.id, OWNER)
    effect = await store.trash.effect(thing)
    assert effect.bytes >= sum(each.size for each in held)
    job = await store.trash.purge(model.id)
    await worker.run_job({}, job.id)
    assert (await store.mongo.jobs.get(job.id)).freed_bytes == effect.bytes
    assert await store.objects.list(prefix) == ()
    for left in (store.mongo.cluster_maps, store.mongo.cluster_edits):
        assert await left.count({"model_id": model.id}) == 0
