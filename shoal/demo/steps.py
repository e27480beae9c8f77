"""The steps of the main job. Each one takes up where an earlier run on the same file stopped."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from shoal.demo import documents
from shoal.demo.api import Api, ApiFailure
from shoal.demo.data import DemoData
from shoal.demo.follow import follow_job
from shoal.demo.memory import Done, Memory
from shoal.demo.report import show_answers, show_report, show_version

LOADING_S = 60.0
RETRY_S = 0.5
EXAMPLES = 6
Plain = dict[str, Any]


def embedder_of(profile: Plain) -> str:
    """What is proposed for such sequences, as for proteins, or else KMER."""
    proposed = [each["embedder"]["kind"] for each in profile["warnings"] if each["embedder"]]
    return next(iter(proposed), "KMER")


class DemoFailed(Exception):
    """A step did not come to its end; the message says why."""


@dataclass(frozen=True)
class Demo:
    """One run of the main job on one file."""

    api: Api
    data: DemoData
    memory: Memory
    console: Console

    async def run(self) -> None:
        """From the file to answers of the published model."""
        version = await self._read()
        model_version = await self._train(version)
        show_report(model_version, self.console)
        await self._publish(model_version)
        await self._classify(model_version)

    # -- the file becomes a version of a data set ------------------------------------------------

    async def _read(self) -> Plain:
        version = await self._version(self._done.version_id)
        if version is None:
            version = await self._create_dataset()
        title = f"Reading {self.data.path.name}"
        await follow_job(self.api, version["job"]["id"], title, self.console)
        version = await self._version(version["id"]) or version
        show_version(version, self.console)
        if version["status"] != "READY":
            failure = version["job"]["failure"] or {"message": "the problems are shown above"}
            raise DemoFailed(f"{self.data.path} could not be read: {failure['message']}")
        return version

    async def _create_dataset(self) -> Plain:
        input: Plain = {
            "name": self.data.name, "uploadId": await self._upload(),
            "idempotencyKey": self.data.sha256,
        }  # fmt: skip
        if self.data.columns:
            input["columns"] = self.data.columns
        made = await self.api.do(documents.CREATE_DATASET, **input)
        version: Plain = made["version"]
        self.memory.remember(self.data.sha256, Done(version["id"]))
        return version

    async def _upload(self) -> str:
        made = await self.api.do(
            documents.CREATE_UPLOAD,
            filename=self.data.path.name, size=self.data.size, sha256=self.data.sha256,
        )  # fmt: skip
        ticket = made["ticket"]
        headers = {header["name"]: header["value"] for header in ticket["headers"]}
        for part in ticket["parts"]:
            await self.api.put(part, self.data.path, headers)
        upload_id: str = made["upload"]["id"]
        return upload_id

    async def _version(self, version_id: str) -> Plain | None:
        if not version_id:
            return None
        found: Plain | None = (
            await self.api.run(documents.DATASET_VERSION, id=version_id)
        )["node"]  # fmt: skip
        return found

    # -- the version becomes a model ---------------------------------------------------------------

    async def _train(self, version: Plain) -> Plain:
        job = await self._job(self._done.training_job_id)
        if job is None or job["status"] in ("FAILED", "CANCELLED"):
            await self._start_training(version)
        job_id = self._done.training_job_id
        await follow_job(self.api, job_id, "Training", self.console)
        job = await self._job(job_id)
        if job is None or job["status"] != "SUCCEEDED":
            failure = (job or {}).get("failure") or {"message": "the job was cancelled"}
            raise DemoFailed(f"training ended without a model: {failure['message']}")
        found = await self.api.run(documents.MODEL_VERSION, id=job["modelVersion"]["id"])
        model_version: Plain = found["modelVersion"]
        return model_version

    async def _start_training(self, version: Plain) -> None:
        input: Plain = {"datasetVersionId": version["id"], "modelName": self.data.name}
        if version["kind"] == "SEQUENCE":
            input["spec"] = {"embedder": {"kind": embedder_of(version["profile"])}}
        made = await self.api.do(documents.START_TRAINING, **input)
        self.memory.remember(self.data.sha256, Done(version["id"], made["job"]["id"]))

    async def _job(self, job_id: str) -> Plain | None:
        if not job_id:
            return None
        job: Plain | None = (await self.api.run(documents.JOB, id=job_id))["job"]
        return job

    # -- the model answers -------------------------------------------------------------------------

    async def _publish(self, model_version: Plain) -> None:
        model = model_version["model"]
        if not model_version["isPublished"]:
            await self.api.do(
                documents.PUBLISH_MODEL, modelId=model["id"], versionId=model_version["id"]
            )
        self.console.print(f"Published as [bold]{model['name']}[/].")

    async def _classify(self, model_version: Plain) -> None:
        clusters = model_version["report"]["clusters"][:EXAMPLES]
        texts = self.data.new_texts or tuple(c["exemplars"][0] for c in clusters)
        model = model_version["model"]["name"]
        await self._answer(model, [""])
        answer = await self._answer(model, list(texts))
        show_answers(answer["predictions"], self.console)

    async def _answer(self, model: str, texts: list[str]) -> Plain:
        """The payload, however long a worker takes to load a model that was just published."""
        deadline = time.monotonic() + LOADING_S
        while True:
            try:
                return await self.api.do(documents.PREDICT, model=model, texts=texts)
            except ApiFailure as failure:
                if not failure.retryable or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(RETRY_S)

    @property
    def _done(self) -> Done:
        return self.memory.recall(self.data.sha256)
