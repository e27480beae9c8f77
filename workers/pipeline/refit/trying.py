"""A trial's two steps over the folder that holds what a training left: refit, then judge."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from store.codec import to_plain
from store.records.trial import Judgement, RowFix, TermsView
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress, silent
from workers.pipeline.refit.corrected import Known
from workers.pipeline.refit.judging import Counts, judgement
from workers.pipeline.refit.pairing import Exam
from workers.pipeline.refit.refitting import Material, Refitted, refit
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.stages.package import served_head
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.workspace import Outcome, Workspace

STAGE = "refit"


def run_refit(work: Workspace, fixes: Sequence[RowFix], progress: Progress = silent) -> Outcome:
    """Leave both heads' probabilities of the judged rows. Raises BadData."""
    material = _material(work)
    found = refit(material, fixes, progress)
    _leave(work, material, found)
    rows = int(found.rows.learnt_after.sum())
    note(
        f"both heads fitted to {rows:,} rows, {found.rows.learnt_fixes:,} of them corrected",
        c=material.c, terms=found.terms,
    )  # fmt: skip
    return Outcome(rows, f"both heads fitted, terms {found.terms.lower()}")


def run_judge(work: Workspace, progress: Progress = silent) -> Judgement:
    """Compare what `run_refit` left."""
    before, after, y, numbers = (
        work.array(STAGE, name) for name in ("before", "after", "y", "numbers")
    )
    about = work.json(STAGE, "about")
    exam = Exam(about["classes"], y, numbers, about["texts"])
    found = judgement(
        exam, before, after, Counts(**about["counts"]), TermsView(about["terms"])
    )  # fmt: skip
    progress(len(y), len(y))
    return found


def _material(work: Workspace) -> Material:
    if work.json("fit", "about")["from_clusters"]:
        raise refusal(
            "NO_LABELS",
            "the model's classes are clusters, since no row has a label",
            "label rows in a new version of the data set, and train on that",
        )
    table, head = read_rows(work), served_head(work)
    train, test = work.array("split", "train"), work.array("split", "test")
    known = Known(table.row, work.array("fit", "y"), train, test, head.classes)
    vectors = work.array("embed", "vectors")
    return Material(known, table.text, vectors, head, work.json("fit", "about")["c"])


def _leave(work: Workspace, material: Material, found: Refitted) -> None:
    rows = found.rows
    judged = np.flatnonzero(rows.judged)
    counts = Counts(
        learnt_fixes=rows.learnt_fixes, test_fixes=rows.test_fixes, idle_fixes=rows.idle_fixes,
        train_rows=int(rows.learnt_after.sum()),
    )  # fmt: skip
    about = {
        "classes": material.head.classes, "texts": [material.texts[int(i)] for i in judged],
        "counts": to_plain(counts), "terms": found.terms,
    }  # fmt: skip
    with work.writing(STAGE) as folder:
        np.save(folder / "before.npy", found.before)
        np.save(folder / "after.npy", found.after)
        np.save(folder / "y.npy", rows.known.y[judged])
        np.save(folder / "numbers.npy", rows.known.numbers[judged])
        (folder / "about.json").write_text(json.dumps(about))
