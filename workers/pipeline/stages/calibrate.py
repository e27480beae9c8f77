"""What held-out rows say of the scores: honest probabilities, and when to answer at all."""

from __future__ import annotations

import json

import numpy as np

from store.codec import to_plain
from store.records.training import TrainingSpec
from workers.pipeline.classifiers.calibration import log_loss, temperature_of
from workers.pipeline.classifiers.head import Head, tempered
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress
from workers.pipeline.promise.choosing import Chosen, HeldOut, Learnt, choose
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `temperature`, `rules`, `scale` and `promised`, from scores that no row had a part in
    itself."""
    y = work.array("fit", "held_y")
    scores = work.array("fit", "held_scores")
    temperature = temperature_of(scores, y)
    before, after = log_loss(scores, y, 1.0), log_loss(scores, y, temperature)
    note(f"log-loss {before:.4f} before and {after:.4f} after", temperature=temperature)
    chosen = _choose(work, spec, temperature)
    with work.writing("calibrate") as folder:
        (folder / "temperature.json").write_text(json.dumps(temperature))
        (folder / "promised.json").write_text(json.dumps(to_plain(chosen.promised)))
        chosen.rules.save(folder / "rules.json")
        chosen.scale.save(folder / "scale.json")
    progress(len(y), len(y))
    return Outcome(len(y), f"temperature {temperature:.3g} from {len(y):,} held-out rows")


def _choose(work: Workspace, spec: TrainingSpec, temperature: float) -> Chosen:
    """The rules; a held-out row's class is sought among the rows learnt from without it."""
    held = HeldOut(
        rows=work.array("fit", "held_rows"),
        folds=work.array("fit", "held_folds"),
        y=work.array("fit", "held_y"),
        probabilities=tempered(work.array("fit", "held_scores"), temperature),
    )
    learnt = Learnt(
        vectors=np.array(work.array("embed", "vectors")),
        y=np.where(work.array("split", "train"), work.array("fit", "y"), -1),
        weights=Head.load(work.folder / "fit" / "head").linear.weights,
    )
    return choose(held, learnt, spec.promise, spec.classifier)
