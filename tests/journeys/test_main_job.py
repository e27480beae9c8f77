"""The main job through the public API: a file becomes a served model, and every step is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shoal.demo import documents
from shoal.demo.api import Api, ApiFailure
from shoal.demo.data import own_file
from tests.journeys.texts import NEW_TEXTS, write_texts

TIMED_STAGES = ["clean", "split", "embed", "cluster", "project", "fit", "calibrate", "evaluate"]
"""The last stage, `package`, puts the report away: it is not in it."""
ROLL_BACK = """
mutation RollBack($input: RollBackModelInput!) {
  rollBackModel(input: $input) { model { publishedVersion { id } } userErrors { code message } }
}"""
MODEL = "query Model($name: String!) { model(name: $name) { id publishedVersion { id } } }"
NEIGHBOURS = """
query Neighbours($input: PredictInput!) {
  predict(input: $input) { predictions { label neighbours { label cosine } } }
}"""
PREDICTIONS = "query { predictions(first: 100) { nodes { id text label } } }"
CORRECT = """
mutation Correct($input: CorrectPredictionInput!) {
  correctPrediction(input: $input) { prediction { correction } userErrors { code message } }
}"""
LAST_EVENTS = """
query Events($after: String) { events(first: 100, after: $after) { nodes { cursor kind } } }"""


async def upload(api: Api, path: Path) -> str:
    file = own_file(path)
    made = await api.do(
        documents.CREATE_UPLOAD, filename=path.name, size=file.size, sha256=file.sha256
    )
    for part in made["ticket"]["parts"]:
        await api.put(part, path, {h["name"]: h["value"] for h in made["ticket"]["headers"]})
    upload_id: str = made["upload"]["id"]
    return upload_id


async def followed(api: Api, job_id: str, after: str | None = None) -> list[dict[str, Any]]:
    """Every item of the job's feed until it ends by itself."""
    return [item async for item in api.follow(documents.JOB_EVENTS, id=job_id, after=after)]


async def trained(api: Api, version_id: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """The model version that a training makes."""
    started = await api.do(
        documents.START_TRAINING, datasetVersionId=version_id, modelName=name, spec=spec
    )
    await followed(api, started["job"]["id"])
    job = (await api.run(documents.JOB, id=started["job"]["id"]))["job"]
    assert job["failure"] is None
    found = await api.run(documents.MODEL_VERSION, id=job["modelVersion"]["id"])
    version: dict[str, Any] = found["modelVersion"]
    return version


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_texts(tmp_path_factory.mktemp("texts") / "hobbies.csv")


async def create_dataset(api: Api, texts: Path, name: str) -> dict[str, Any]:
    """A version that ingest has read, as the API shows it."""
    made = await api.do(documents.CREATE_DATASET, name=name, uploadId=await upload(api, texts))
    await followed(api, made["version"]["job"]["id"])
    found = await api.run(documents.DATASET_VERSION, id=made["version"]["id"])
    version: dict[str, Any] = found["node"]
    return version


async def correct_an_answer(api: Api) -> None:
    """Answers reach the log a moment after they were given."""
    nodes: list[dict[str, Any]] = []
    while not any(node["text"] in NEW_TEXTS for node in nodes):
        nodes = (await api.run(PREDICTIONS))["predictions"]["nodes"]
    logged = next(node for node in nodes if node["text"] in NEW_TEXTS)
    corrected = await api.do(CORRECT, id=logged["id"], label="sailing")
    assert corrected["prediction"]["correction"] == "sailing"


async def test_a_file_becomes_a_model_that_answers(api: Api, texts: Path) -> None:
    version = await create_dataset(api, texts, "hobbies")
    assert version["status"] == "READY"
    assert (version["profile"]["rows"], version["profile"]["labelCount"]) == (300, 4)
    assert (version["columns"]["text"], version["columns"]["label"]) == ("text", "label")

    first = await trained(api, version["id"], "hobbies", {"embedder": {"kind": "TFIDF"}})
    report = first["report"]
    assert first["number"] == 1
    assert report["accuracy"] >= 0.95
    assert (report["trainRows"], report["testRows"]) == (240, 60)
    assert [stage["stage"] for stage in report["stages"]] == TIMED_STAGES
    assert sum(cluster["size"] for cluster in report["clusters"]) == 300

    model_id = first["model"]["id"]
    await api.do(documents.PUBLISH_MODEL, modelId=model_id, versionId=first["id"])
    asked = {"model": "hobbies", "texts": list(NEW_TEXTS)}
    answered = (await api.run(documents.PREDICT, input=asked))["predict"]
    assert [each["label"] for each in answered["predictions"]] == list(NEW_TEXTS.values())
    await correct_an_answer(api)

    second = await trained(api, version["id"], "hobbies", {})
    assert second["number"] == 2
    assert second["report"]["accuracy"] >= 0.95
    await api.do(documents.PUBLISH_MODEL, modelId=model_id, versionId=second["id"])
    near = (await api.run(NEIGHBOURS, input=asked | {"neighbours": 3}))["predict"]["predictions"]
    for answer, label in zip(near, NEW_TEXTS.values(), strict=True):
        assert answer["label"] == label
        assert {neighbour["label"] for neighbour in answer["neighbours"]} == {label}

    again = await trained(api, version["id"], "hobbies", {"clusterer": {"kind": "KMEANS", "k": 4}})
    assert (again["report"]["embeddedRows"], again["report"]["cachedRows"]) == (0, 300)

    back = await api.do(ROLL_BACK, modelId=model_id)
    assert back["model"]["publishedVersion"]["id"] == first["id"]
    assert (await api.run(MODEL, name="hobbies"))["model"]["publishedVersion"]["id"] == first["id"]


async def test_a_subscription_goes_on_from_its_cursor(api: Api, texts: Path) -> None:
    version = await create_dataset(api, texts, "hobbies again")
    items = await followed(api, version["job"]["id"])
    events = [item for item in items if item["__typename"] == "ActivityEvent"]
    assert events[0]["kind"] == "JOB_QUEUED"
    assert events[-1]["kind"] == "JOB_SUCCEEDED"
    middle = events[len(events) // 2]["cursor"]
    resumed = await followed(api, version["job"]["id"], after=middle)
    later = [item for item in resumed if item["__typename"] == "ActivityEvent"]
    assert later == [event for event in events if event["cursor"] > middle]


async def test_a_file_that_cannot_be_read_says_why_and_what_to_do(api: Api, tmp_path: Path) -> None:
    broken = tmp_path / "empty.csv"
    broken.write_text("\n\n")
    version = await create_dataset(api, broken, "nothing")
    assert version["status"] == "REJECTED"
    assert version["problems"]
    assert all(problem["reason"] and problem["fix"] for problem in version["problems"])
    with pytest.raises(ApiFailure):
        await api.do(documents.START_TRAINING, datasetVersionId=version["id"], modelName="nothing")
