"""The temperature under which held-out rows got honest probabilities."""

from __future__ import annotations

import json

from store.records.training import TrainingSpec
from workers.pipeline.classifiers.calibration import log_loss, temperature_of
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `temperature`, from scores that no row had a part in itself."""
    y = work.array("fit", "held_y")
    scores = work.array("fit", "held_scores")
    temperature = temperature_of(scores, y)
    before, after = log_loss(scores, y, 1.0), log_loss(scores, y, temperature)
    note(f"log-loss {before:.4f} before and {after:.4f} after", temperature=temperature)
    with work.writing("calibrate") as folder:
        (folder / "temperature.json").write_text(json.dumps(temperature))
    progress(len(y), len(y))
    return Outcome(len(y), f"temperature {temperature:.3g} from {len(y):,} held-out rows")
