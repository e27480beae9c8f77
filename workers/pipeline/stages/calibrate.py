"""The temperature under which held-out rows got honest probabilities."""

from __future__ import annotations

import json

from store.records.training import TrainingSpec
from workers.pipeline.classifiers.calibration import temperature_of
from workers.pipeline.progress import Progress
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `temperature`, from scores that no row had a part in itself."""
    y = work.array("fit", "held_y")
    temperature = temperature_of(work.array("fit", "held_scores"), y)
    with work.writing("calibrate") as folder:
        (folder / "temperature.json").write_text(json.dumps(temperature))
    progress(len(y), len(y))
    return Outcome(len(y), f"temperature {temperature:.3g} from {len(y):,} held-out rows")
