"""The whole platform in a scratch folder, and callers of its public API."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoal.admin import create_first_admin, settings_from
from shoal.demo import documents
from shoal.demo.api import Api
from shoal.folder import Folder
from shoal.stack import Stack
from store.settings import Settings

POLL_S = 0.05


@dataclass(frozen=True)
class Platform:
    """A running platform, an admin's view of it, and the settings that a worker has."""

    url: str
    api: Api
    settings: Settings
    environ: dict[str, str]
    """That its processes have."""
    email: str
    password: str

    async def sign_in(self) -> None:
        """Have a new access token; one is good for a quarter of an hour."""
        signed_in = await self.api.do(documents.SIGN_IN, email=self.email, password=self.password)
        self.api.token = signed_in["accessToken"]

    async def ingest(self, path: Path, **more: object) -> str:
        """Upload the file and wait for its version to be READY; the version's id."""
        asked: dict[str, object] = {
            "filename": path.name,
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        made = await self.api.do(documents.CREATE_UPLOAD, **asked)
        for part in made["ticket"]["parts"]:
            await self.api.put(part, path, {})
        created = await self.api.do(
            documents.CREATE_DATASET, name=path.stem, uploadId=made["upload"]["id"], **more
        )
        await self.wait_for(created["version"]["job"]["id"])
        version: str = created["version"]["id"]
        return version

    async def train(self, version_id: str, model: str, **spec: object) -> dict[str, Any]:
        """Train to the end; the model version with its report."""
        started = await self.api.do(
            documents.START_TRAINING, datasetVersionId=version_id, modelName=model, spec=spec
        )
        job = await self.wait_for(started["job"]["id"])
        found = await self.api.run(documents.MODEL_VERSION, id=job["modelVersion"]["id"])
        version: dict[str, Any] = found["modelVersion"]
        return version

    async def publish(self, version: dict[str, Any]) -> None:
        """Let the version answer under its model's name."""
        await self.api.do(
            documents.PUBLISH_MODEL, modelId=version["model"]["id"], versionId=version["id"]
        )

    async def wait_for(self, job_id: str) -> dict[str, Any]:
        """The job once it SUCCEEDED. Raises RuntimeError when it ended otherwise."""
        while True:
            job: dict[str, Any] = (await self.api.run(documents.JOB, id=job_id))["job"]
            if job["status"] == "SUCCEEDED":
                return job
            if job["status"] in ("FAILED", "CANCELLED"):
                raise RuntimeError(f"job {job_id} is {job['status']}: {job['failure']}")
            await asyncio.sleep(POLL_S)


@asynccontextmanager
async def platform() -> AsyncIterator[Platform]:
    """Start everything on free ports with data of its own, and stop it at the end."""
    with tempfile.TemporaryDirectory() as scratch, Stack(Folder(Path(scratch)), print) as stack:
        stack.start_services()
        settings = settings_from(stack.environ)
        admin = await create_first_admin(settings)
        stack.start_application()
        async with Api(stack.url) as api:
            assert admin is not None
            yield Platform(
                stack.url, api, settings, stack.environ, admin.user.email, admin.password
            )


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began
