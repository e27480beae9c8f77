"""Bundles, opened where no worker is: by those who check whether they can be."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path

from store.errors import StoreError
from store.store import Store
from workers.attempts.folders import fetch_bundle


class CannotServe(StoreError):
    """An inference worker would refuse it, and why."""

    code = "CANNOT_SERVE"


def can_load() -> bool:
    """Whether what bundles need is installed here."""
    return importlib.util.find_spec("onnxruntime") is not None


async def load_version(store: Store, version_id: str) -> None:
    """Check its files and ask its golden rows. Raises CannotServe, NotFound, Unavailable."""
    version = await store.mongo.model_versions.get(version_id)
    folder = store.settings.data.absolute() / "bundles" / version.id
    await fetch_bundle(store.objects, version, folder)
    await asyncio.to_thread(load_folder, folder)


def load_folder(folder: Path) -> None:
    """Raises CannotServe."""
    from workers.pipeline.bundle import BundleRefused, load_bundle  # noqa: PLC0415 -- numpy

    try:
        load_bundle(folder, 1)
    except BundleRefused as refused:
        raise CannotServe(str(refused)) from refused
