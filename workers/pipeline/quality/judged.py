"""What a stage of a check found, as it is left for the worker."""

from __future__ import annotations

from dataclasses import dataclass

from store.codec import from_plain
from workers.pipeline.quality.suspicion import Suspicions
from workers.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Judged:
    """Beside the suspicions, the share of wrong labels where that was looked for."""

    suspicions: tuple[Suspicions, ...]
    label_noise: float | None = None


def judged(work: Workspace, stage: str) -> Judged:
    """What the stage left."""
    return from_plain(Judged, work.json(stage, "judged"))
