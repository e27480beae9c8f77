"""`MODEL_PATH`: a bundle folder that is served from the start, under its folder's name."""

from __future__ import annotations

import asyncio
from pathlib import Path

import orjson
import structlog

from store import naming
from store.codec import from_plain
from store.errors import AlreadyExists
from store.records.dataset import DataKind
from store.records.report import Report
from store.records.training import TrainingSpec
from store.store import Store
from workers.attempts.folders import keep_blobs, push_blobs
from workers.pipeline.bundle import MANIFEST, REPORT, BundleRefused, load_bundle

log = structlog.get_logger()


async def adopt(store: Store, folder: Path) -> None:
    """Check the bundle, store its files and publish it; a refusal is logged, not raised."""
    try:
        await asyncio.to_thread(load_bundle, folder)
        files = await push_blobs(store.objects, folder)
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        version = await store.models.adopt(
            naming.slug_of(folder.name),
            spec=from_plain(TrainingSpec, manifest["spec"]),
            manifest_sha256=next(file.sha256 for file in files if file.name == MANIFEST),
            files=files,
            labels=tuple(manifest["labels"]),
            report=from_plain(Report, orjson.loads((folder / REPORT).read_bytes())),
            kind=DataKind(manifest["kind"]),
        )
        await keep_blobs(store, files, folder)
    except (BundleRefused, AlreadyExists) as refused:
        log.error("MODEL_PATH is not served", folder=str(folder), reason=str(refused))
    else:
        log.info("MODEL_PATH is served", folder=str(folder), model_version=version.id)
