"""A platform with one of everything, made through the public API as its users make it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from shoal.demo import documents
from shoal.demo.api import Api
from tests.examples import examples
from tests.journeys.messages import ASKED, STRANGE, messages, write_messages
from tests.journeys.test_main_job import create_dataset, followed, trained

SAYS = {each.name: each.document for each in examples()}
MODEL = "customer-messages"
PASSWORD = "violet harbour teapot"
DELETE = """
mutation Delete($input: DeleteDatasetInput!) {
  deleteDataset(input: $input) { dataset { id } userErrors { code message } }
}"""
DATASET = "query Of($id: ID!) { node(id: $id) { ... on DatasetVersion { dataset { id } } } }"
INVITE = """
mutation Invite($input: InviteUserInput!) {
  inviteUser(input: $input) { token userErrors { code message } }
}"""
ACCEPT = """
mutation Accept($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { user { id } userErrors { code message } }
}"""
LABEL_A_BATCH = """
mutation Batch($input: CreateLabellingBatchInput!) {
  createLabellingBatch(input: $input) { batch { id } userErrors { code message } }
}"""
REPORTS = """
query Reports($id: ID!) { modelVersion(id: $id) { driftReports(first: 1) { nodes { id } } } }"""
ANSWERS = "query Answers { predictions(first: 100) { nodes { id text } } }"
EVERYTHING = "subscription Everything { activity { ... on ActivityEvent { cursor kind message } } }"
WEBHOOK = {
    "name": "To the help desk", "url": "https://help.example.com/shoal", "document": EVERYTHING,
}  # fmt: skip
MODEST = {"embedder": {"kind": "TFIDF", "dimensions": 8}, "promise": {"maxRisk": 0.05}}
"""For a first version that can be improved on."""
CORRECTED = {
    ASKED[1]: "damaged", ASKED[6]: "damaged", ASKED[11]: "refund", ASKED[14]: "damaged",
    ASKED[12]: "product", ASKED[15]: "delivery",
}  # fmt: skip


async def furnish(api: Api, url: str, folder: Path) -> dict[str, str]:
    """The ids that pages are asked for, by their names in addresses."""
    of_messages, aside = await asyncio.gather(_messages(api, folder), _aside(api, url))
    return of_messages | aside


async def _messages(api: Api, folder: Path) -> dict[str, str]:
    """A data set with faults, a model that has learnt from corrections, and its answers."""
    first = await create_dataset(api, write_messages(folder / "messages.csv"), "Customer messages")
    dataset_id = (await api.run(DATASET, id=first["id"]))["node"]["dataset"]["id"]
    older, failed = await asyncio.gather(
        trained(api, first["id"], MODEL, MODEST), _failed_training(api)
    )
    await _publish(api, older)
    second = await _learnt(api, older["model"]["id"])
    newer, _ = await asyncio.gather(
        trained(api, second, MODEL, {"promise": {"maxRisk": 0.05}}),
        _done(api, "CheckDataset", datasetVersionId=second),
    )
    await _publish(api, newer)
    used = await _used(api, newer, older, second)
    return used | {
        "dataset": dataset_id, "first": first["id"], "second": second, "job": failed,
        "model": newer["model"]["id"], "older": older["id"], "newer": newer["id"],
    }  # fmt: skip


async def _failed_training(api: Api) -> str:
    """No label has enough rows to be learnt, which its diagnosis offers to mend."""
    rows = [
        {"text": text, "label": None if number % 3 else f"order {number}"}
        for number, (text, _) in enumerate(messages()[:60])
    ]
    made = await api.do(documents.CREATE_DATASET, name="Messages by order", rows=rows)
    await followed(api, made["version"]["job"]["id"])
    started = await api.do(
        documents.START_TRAINING, datasetVersionId=made["version"]["id"], modelName=MODEL,
        spec=MODEST,
    )  # fmt: skip
    await followed(api, started["job"]["id"])
    job_id: str = started["job"]["id"]
    return job_id


async def _learnt(api: Api, model_id: str) -> str:
    """The version of the data set that has the accepted corrections."""
    await api.run(documents.PREDICT, input={"model": MODEL, "texts": ASKED})
    logged = await _logged(api)
    for text, label in CORRECTED.items():
        await _say(api, "CorrectPrediction", id=logged[text], label=label)
    accepted = [logged[text] for text in list(CORRECTED)[:-2]]
    await _say(
        api, "ReviewCorrections", modelId=model_id, predictionIds=accepted, review="ACCEPTED"
    )
    learnt = await _say(api, "LearnFromCorrections", modelId=model_id, retrain=False)
    version_id: str = learnt["round"]["datasetVersion"]["id"]
    ingest = (await api.run(documents.DATASET_VERSION, id=version_id))["node"]["job"]["id"]
    await followed(api, ingest)
    return version_id


async def _logged(api: Api) -> dict[str, str]:
    """Ids of answers by text; they reach the log a moment after they were given."""
    logged: dict[str, str] = {}
    async with asyncio.timeout(10):
        while not logged.keys() >= CORRECTED.keys():
            nodes = (await api.run(ANSWERS))["predictions"]["nodes"]
            logged = {node["text"]: node["id"] for node in nodes}
    return logged


async def _used(
    api: Api, newer: dict[str, Any], older: dict[str, Any], dataset_version: str
) -> dict[str, str]:
    """Asked, measured, compared, and answered in bulk."""
    for text, label in ((ASKED[0], "delivery"), (ASKED[2], "refund")):
        await _say(api, "PinQuestion", modelId=newer["model"]["id"], text=text, label=label)
    await api.run(documents.PREDICT, input={"model": MODEL, "texts": [*ASKED, *STRANGE]})
    bulk, batch, _ = await asyncio.gather(
        _in_bulk(api, dataset_version),
        _labelling(api, newer["id"]),
        _done(api, "CompareVersions", before=older["id"], after=newer["id"]),
    )
    return {"bulk": bulk, "batch": batch}


async def _in_bulk(api: Api, dataset_version: str) -> str:
    job = (
        await _say(
            api, "PredictInBulk", model=MODEL, datasetVersionId=dataset_version, format="CSV"
        )
    )["job"]
    await followed(api, job["id"])
    bulk_id: str = job["bulkResult"]["id"]
    return bulk_id


async def _labelling(api: Api, version_id: str) -> str:
    await _done(api, "MeasureDrift", modelVersionId=version_id)
    found = await api.run(REPORTS, id=version_id)
    (report,) = found["modelVersion"]["driftReports"]["nodes"]
    made = await api.do(LABEL_A_BATCH, driftReportId=report["id"], size=8)
    batch_id: str = made["batch"]["id"]
    return batch_id


async def _aside(api: Api, url: str) -> dict[str, str]:
    """People, a key that is used, a webhook, and something in the trash."""
    key = await _say(api, "CreateApiKey", name="Help desk", scopes=["READ", "PREDICT"])
    async with Api(url, key["key"]) as program:
        for _ in range(5):
            await program.run(documents.WHO_AM_I)
    hook = (await api.run(SAYS["CreateWebhook"], input=WEBHOOK))["createWebhook"]
    invited = await api.do(INVITE, email="rosa@example.org", role="USER")
    joined = await api.do(ACCEPT, token=invited["token"], name="Rosa", password=PASSWORD)
    open_one = await api.do(INVITE, email="ivo@example.org", role="USER")
    trashed = await api.do(
        documents.CREATE_DATASET, name="First try", rows=[{"text": "one", "label": "a"}]
    )
    await followed(api, trashed["version"]["job"]["id"])
    found = await api.run(DATASET, id=trashed["version"]["id"])
    await api.do(DELETE, id=found["node"]["dataset"]["id"])
    return {
        "key": key["apiKey"]["id"], "webhook": hook["webhook"]["id"],
        "user": joined["user"]["id"], "invitation": open_one["token"],
    }  # fmt: skip


async def _publish(api: Api, version: dict[str, Any]) -> None:
    await api.do(documents.PUBLISH_MODEL, modelId=version["model"]["id"], versionId=version["id"])


async def _say(api: Api, example: str, **input: object) -> dict[str, Any]:
    return await api.do(SAYS[example], **input)


async def _done(api: Api, example: str, **input: object) -> str:
    """The id of the job, when that has ended."""
    job_id: str = (await _say(api, example, **input))["job"]["id"]
    await followed(api, job_id)
    return job_id
