"""Which trainings share what a stage leaves: those that agree on all that the stage reads.

So a retry goes on after the last finished stage, and a training with another clusterer neither
embeds nor fits again.
"""

from __future__ import annotations

import hashlib

import orjson

from store.codec import to_plain
from store.records.dataset import DatasetVersion
from store.records.training import TrainingSpec, reads
from workers.pipeline.embedders import embedder_key

RECIPE = 4
"""Grows whenever a stage would leave other files for the same version and spec than before."""
DONE = "done.json"
"""Written last, at the stage's prefix. It names the prefix below it where one attempt put its
files: they are whole, and never those of two attempts mixed."""


def digest(stage: str, version: DatasetVersion, spec: TrainingSpec) -> str:
    """What the stage's files are kept under, 32 hexadecimal digits.

    Raises BadData MODEL_NOT_FOUND.
    """
    parts = reads(stage, is_labelled=version.is_labelled)
    asked = {name: to_plain(getattr(spec, name)) for name in sorted(parts)}
    if "embedder" in parts:  # a model's files may change under its name
        asked["key"] = embedder_key(spec.embedder)
    plain = orjson.dumps([RECIPE, stage, version.id, asked])
    return hashlib.sha256(plain).hexdigest()[:32]
