"""Which trainings share what a stage leaves: those that agree on all that the stage reads.

So a retry goes on after the last finished stage, and a training with another clusterer neither
embeds nor fits again.
"""

from __future__ import annotations

import hashlib

import orjson

from store.codec import to_plain
from store.records.dataset import DatasetVersion
from store.records.training import TrainingSpec
from workers.pipeline.embedders import embedder_key

RECIPE = 2
"""Grows whenever a stage would leave other files for the same version and spec than before."""
DONE = "done.json"
"""Written last, at the stage's prefix. It names the prefix below it where one attempt put its
files: they are whole, and never those of two attempts mixed."""

_ROWS = ("seed", "max_rows")
_SPLIT = (*_ROWS, "split")
_EMBED = (*_SPLIT, "embedder")
_CLUSTER = (*_EMBED, "clusterer")
_FIT = (*_EMBED, "classifier")

KEPT: dict[str, tuple[str, ...]] = {
    "clean": _ROWS,
    "split": _SPLIT,
    "embed": _EMBED,
    "cluster": _CLUSTER,
    "project": _EMBED,
    "fit": _FIT,
    "calibrate": _FIT,
    "evaluate": _FIT,
}
"""What each stage reads of the spec; `package` is not kept: its files are the bundle's."""


def digest(stage: str, version: DatasetVersion, spec: TrainingSpec) -> str:
    """What the stage's files are kept under, 32 hexadecimal digits.

    Raises BadData MODEL_NOT_FOUND.
    """
    reads = set(KEPT[stage])
    if "classifier" in reads and not _is_labelled(version):
        reads.add("clusterer")  # labels come from the clusters, or spread within them
    asked = {name: to_plain(getattr(spec, name)) for name in sorted(reads)}
    if "embedder" in reads:  # a model's files may change under its name
        asked["key"] = embedder_key(spec.embedder)
    plain = orjson.dumps([RECIPE, stage, version.id, asked])
    return hashlib.sha256(plain).hexdigest()[:32]


def _is_labelled(version: DatasetVersion) -> bool:
    return version.profile is not None and version.profile.labelled_rows == version.profile.rows
