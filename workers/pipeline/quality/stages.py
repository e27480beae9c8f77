"""The steps of a check over a training's folder: `lay`, then a training's `embed`, then these."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from store.codec import to_plain
from store.records.dataset import DataKind
from store.records.quality import CheckSpec, FindingKind
from store.records.training import TrainingSpec
from workers.pipeline.progress import Progress
from workers.pipeline.quality.alike import conflicts, leakage, near_duplicates
from workers.pipeline.quality.judged import Judged
from workers.pipeline.quality.label_errors import label_errors
from workers.pipeline.quality.neighbourhood import NEAR_COSINE, Neighbourhood
from workers.pipeline.quality.odd import outliers, too_short
from workers.pipeline.quality.suspicion import Rows, Suspicions
from workers.pipeline.stages.clean import ROWS, read_rows
from workers.pipeline.table import read_shards
from workers.pipeline.workspace import Outcome, Workspace

BY_LABEL = (FindingKind.LABEL_ERROR, FindingKind.CONFLICT)
BY_LIKENESS = (FindingKind.NEAR_DUPLICATE, FindingKind.LEAKAGE, FindingKind.OUTLIER)


def lay(work: Workspace) -> int:
    """Leave all rows where a training's stages look for them; how many there are.

    Unlike `clean` it leaves none out and refuses none: what is wrong is what a check looks for.
    """
    table = read_shards(work.input)
    with work.writing("clean") as folder:
        table.write(folder / ROWS)
    with work.writing("split") as folder:
        np.save(folder / "train.npy", np.ones(len(table), np.bool_))
    return len(table)


def score(work: Workspace, spec: TrainingSpec, check: CheckSpec, progress: Progress) -> Outcome:
    """Leave what labels and texts say by themselves."""
    rows = _rows(work)
    concerned = np.zeros(len(rows), np.bool_)
    found: list[Suspicions] = []
    noise = None
    with work.writing("score") as folder:
        if FindingKind.LABEL_ERROR in check.kinds:
            errors, noise = label_errors(
                rows, concerned, is_text=work.kind is DataKind.TEXT, seed=spec.seed,
                scratch=folder, progress=progress,
            )  # fmt: skip
            found.append(errors)
            (folder / "scores.npy").unlink(missing_ok=True)
        if FindingKind.CONFLICT in check.kinds:
            found.append(conflicts(rows, concerned, progress))
        if FindingKind.TOO_SHORT in check.kinds and work.kind is DataKind.TEXT:
            found.append(too_short(rows, concerned, progress))
        np.save(folder / "concerned.npy", concerned)
        (folder / "judged.json").write_text(json.dumps(to_plain(Judged(tuple(found), noise))))
    return Outcome(len(rows), _told(found))


def compare(work: Workspace, spec: TrainingSpec, check: CheckSpec, progress: Progress) -> Outcome:
    """Leave what the rows' neighbourhood says, and the share of rows that nothing concerns."""
    rows, found = _rows(work), list[Suspicions]()
    concerned = np.array(work.array("score", "concerned"))
    if set(BY_LIKENESS) & set(check.kinds):
        progress(0, len(rows))
        near = Neighbourhood.of(rows)
        progress(0, len(rows))
        clusters = near.clusters(rows, check.near_cosine or NEAR_COSINE[spec.embedder.kind])
        if FindingKind.NEAR_DUPLICATE in check.kinds:
            found.append(near_duplicates(rows, clusters, concerned, progress))
        if FindingKind.LEAKAGE in check.kinds:
            found.append(leakage(rows, clusters, concerned, progress))
        if FindingKind.OUTLIER in check.kinds:
            found.append(outliers(rows, near, concerned, progress))
    with work.writing("compare") as folder:
        (folder / "judged.json").write_text(json.dumps(to_plain(Judged(tuple(found)))))
        (folder / "sound.json").write_text(json.dumps(float(1 - concerned.mean())))
    return Outcome(len(rows), _told(found))


STAGES: dict[str, Callable[[Workspace, TrainingSpec, CheckSpec, Progress], Outcome]] = {
    "score": score,
    "compare": compare,
}


def run_check_stage(
    name: str, work: Workspace, spec: TrainingSpec, check: CheckSpec, progress: Progress
) -> Outcome:
    """Run one stage, matrix products on one thread each, as in a training."""
    with threadpool_limits(1):
        return STAGES[name](work, spec, check, progress)


def _rows(work: Workspace) -> Rows:
    return Rows.of(read_rows(work), np.array(work.array("embed", "vectors")))


def _told(found: list[Suspicions]) -> str:
    parts = [f"{each.found:,} {each.kind.lower().replace('_', ' ')}" for each in found]
    return ", ".join(parts) or "nothing was looked for"
