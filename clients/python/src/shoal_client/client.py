"""The client: whole steps of the work over the generated methods, which are there as `graph`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from shoal_client import files
from shoal_client.errors import ConnectionLost, JobFailed, NotFound
from shoal_client.graph.client import Graph
from shoal_client.graph.enums import JobStatus
from shoal_client.graph.fragments import JobParts, OperationParts, VersionParts
from shoal_client.graph.get_job import GetJobJob
from shoal_client.graph.input_types import (
    CorrectPredictionInput,
    CreateDatasetInput,
    CreateUploadInput,
    LearnFromCorrectionsInput,
    PredictInput,
    PublishModelInput,
    RunBulkMutationInput,
    RunBulkQueryInput,
    SignInInput,
    StartTrainingInput,
)
from shoal_client.graph.job_events import (
    JobEventsJobEventsActivityEvent as JobEvent,
)
from shoal_client.graph.job_events import JobEventsJobEventsGap as Gap
from shoal_client.graph.predict import PredictPredictPredictions as Prediction
from shoal_client.graph.search_dataset import SearchDatasetDatasetSearchHits as Hit

TEXTS_AT_ONCE = 64
TRAINING_BEGINS_S, LOOK_EACH_S = 60.0, 0.25
RECONNECTS, RECONNECT_S = 40, 0.5
"""In a row: longer than a platform takes to start again."""


@dataclass(frozen=True, slots=True)
class NewDataset:
    id: str
    version_id: str
    """What can be trained on."""


class Shoal:
    """Every method raises ShoalError; those that say "follows" wait until a job has ended well."""

    def __init__(self, url: str, api_key: str = "") -> None:
        self.graph = Graph(url, api_key)
        """One method for each document in `operations/`, all typed."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.graph.http.aclose()

    async def sign_in(self, email: str, password: str) -> None:
        """For minutes, as people do; programs have an API key."""
        found = await self.graph.sign_in(SignInInput(email=email, password=password))
        self.graph.use(found.sign_in.access_token or "")

    # -- jobs -------------------------------------------------------------------------------------

    async def job(self, job_id: str) -> GetJobJob:
        """Raises NotFound."""
        found = (await self.graph.get_job(job_id)).job
        if found is None:
            raise NotFound(f"there is no job {job_id}", "NOT_FOUND")
        return found

    async def follow(self, job_id: str, after: str | None = None) -> AsyncIterator[JobEvent]:
        """What happens to the job until it has ended, through lost connections, nothing twice.

        From now on, or from behind the cursor `after`: `"0-0"` is the beginning.
        """
        losses = 0
        while True:
            try:
                async for item in self.graph.job_events(job_id, after=after):
                    losses, event = 0, item.job_events
                    after = event.to_cursor if isinstance(event, Gap) else event.cursor
                    if isinstance(event, JobEvent):
                        yield event
                return
            except ConnectionLost:
                losses += 1
                if losses > RECONNECTS:
                    raise
                await asyncio.sleep(RECONNECT_S)

    async def wait(self, job_id: str) -> GetJobJob:
        """Follows the job. Raises JobFailed."""
        async for _ in self.follow(job_id):
            pass
        job = await self.job(job_id)
        if job.status is not JobStatus.SUCCEEDED:
            raise JobFailed(job)
        return job

    # -- data sets and models ---------------------------------------------------------------------

    async def upload(self, path: str | Path) -> str:
        """Send a file, in parts, with its SHA-256; the id of the upload."""
        path = Path(path)
        sha256 = await asyncio.to_thread(files.sha256_of, path)
        announced = CreateUploadInput(filename=path.name, size=path.stat().st_size, sha_256=sha256)
        made = (await self.graph.create_upload(announced)).create_upload
        assert made.upload is not None and made.ticket is not None
        headers = {header.name: header.value for header in made.ticket.headers}
        await files.put_parts(self.graph.http, path, made.ticket.parts, headers)
        return made.upload.id

    async def create_dataset(self, path: str | Path, name: str) -> NewDataset:
        """Upload a file and have it read; follows the job."""
        asked = CreateDatasetInput(name=name, upload_id=await self.upload(path))
        made = (await self.graph.create_dataset(asked)).create_dataset
        await self.wait(_job_of(made.job).id)
        assert made.dataset is not None and made.version is not None
        return NewDataset(made.dataset.id, made.version.id)

    async def train(self, dataset_version_id: str, model_name: str) -> VersionParts:
        """Train a version of a model; follows the job."""
        asked = StartTrainingInput(dataset_version_id=dataset_version_id, model_name=model_name)
        started = (await self.graph.start_training(asked)).start_training
        return await self._version_of(_job_of(started.job).id)

    async def publish(self, version: VersionParts) -> None:
        """Have the version answer under its model's name."""
        assert version.model is not None
        await self.graph.publish_model(
            PublishModelInput(model_id=version.model.id, version_id=version.id)
        )

    # -- answers ----------------------------------------------------------------------------------

    async def predict(self, model: str, texts: Sequence[str]) -> list[Prediction]:
        """An answer for each text, in order; any number of texts."""
        answers: list[Prediction] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            asked = PredictInput(model=model, texts=list(texts[start : start + TEXTS_AT_ONCE]))
            answers += (await self.graph.predict(asked)).predict.predictions
        return answers

    async def search(self, dataset_id: str, text: str, first: int = 10) -> list[Hit]:
        """Rows of a data set that are like the text. Raises NotFound."""
        found = (await self.graph.search_dataset(dataset_id, text, first=first)).dataset
        if found is None:
            raise NotFound(f"there is no data set {dataset_id}", "NOT_FOUND")
        return found.search.hits

    async def correct(self, prediction_id: str, label: str) -> None:
        """Say what the right answer would have been."""
        await self.graph.correct_prediction(CorrectPredictionInput(id=prediction_id, label=label))

    async def learn(self, model_id: str) -> VersionParts:
        """Take accepted corrections to the data set, and train on it; follows both jobs."""
        asked = LearnFromCorrectionsInput(model_id=model_id)
        begun = (await self.graph.learn_from_corrections(asked)).learn_from_corrections.round
        assert begun is not None and begun.dataset_version is not None
        await self.wait(_job_of(begun.dataset_version.job).id)
        return await self._version_of(await self._training_of(model_id))

    async def _training_of(self, model_id: str) -> str:
        """The training that follows, moments after the rows are read."""
        async with asyncio.timeout(TRAINING_BEGINS_S):
            while True:
                model = (await self.graph.get_last_round(model_id)).model
                last = model.learning_rounds.nodes[0] if model else None
                if last is not None and last.training is not None:
                    return last.training.id
                await asyncio.sleep(LOOK_EACH_S)

    async def _version_of(self, training_id: str) -> VersionParts:
        job = await self.wait(training_id)
        assert job.model_version is not None
        return job.model_version

    # -- bulk operations --------------------------------------------------------------------------

    async def bulk_query(self, query: str) -> OperationParts:
        """Run a query over all pages of its lists; follows the job. `url` has the lines."""
        started = (await self.graph.run_bulk_query(RunBulkQueryInput(query=query))).run_bulk_query
        return await self._operation(started.job)

    async def bulk_mutation(
        self, mutation: str, variables: Iterable[Mapping[str, Any]] | Path
    ) -> OperationParts:
        """Run a mutation for each set of variables, or each line of a file; follows the job."""
        asked = RunBulkMutationInput(mutation=mutation)
        if isinstance(variables, Path):
            asked.upload_id = await self.upload(variables)
        else:
            asked.lines = "\n".join(json.dumps(each) for each in variables)
        started = (await self.graph.run_bulk_mutation(asked)).run_bulk_mutation
        return await self._operation(started.job)

    async def lines(self, operation: OperationParts) -> AsyncIterator[dict[str, Any]]:
        """What a bulk operation left, line by line."""
        async for line in files.lines(self.graph.http, operation.url or ""):
            yield json.loads(line)

    async def save(self, operation: OperationParts, path: str | Path) -> Path:
        """What a bulk operation left, as a file."""
        return await files.save(self.graph.http, operation.url or "", Path(path))

    async def _operation(self, job: JobParts | None) -> OperationParts:
        ended = await self.wait(_job_of(job).id)
        assert ended.operation is not None
        return ended.operation


class _HasId(Protocol):
    id: str


J = TypeVar("J", bound=_HasId)


def _job_of(job: J | None) -> J:
    assert job is not None, "a payload without errors has its job"
    return job
