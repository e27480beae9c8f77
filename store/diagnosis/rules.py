"""Which rule reads a failure: one for each code, and one for all that are unknown.

A rule is a pure function of the case. It may offer no fix, where only other data help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from store.diagnosis import edits, embedders, files, labels, memory, services, trials
from store.diagnosis.case import Case
from store.diagnosis.findings import Action, Diagnosis, ReadAgain, RunAgain
from store.records.dataset import DatasetVersion
from store.records.job import Job, JobStatus

TRIALS = (
    "ARTEFACTS_GONE", "ROW_NOT_USED", "NO_LABELS", "ONE_CLASS_LEFT", "NOTHING_TO_JUDGE_ON",
)  # fmt: skip
"""Refusals of fixes that are to be tried on a model."""
Rule = Callable[[Case], Diagnosis]

RULES: dict[str, Rule] = {
    "OUT_OF_MEMORY": memory.out_of_memory,
    "CHILD_DIED": memory.child_died,
    "LOST": memory.lost,
    "TOO_FEW_ROWS": labels.too_few_rows,
    "ONE_LABEL": labels.one_label,
    "NOTHING_TO_TEST_ON": labels.too_few_texts,
    "TOO_FEW_TEXTS_A_CLASS": labels.too_few_texts,
    "ONE_LABEL_TO_LEARN_FROM": labels.one_label_to_learn,
    "ONE_CLASS": labels.one_class,
    "NO_WORDS": embedders.no_words,
    "MODEL_NOT_FOUND": embedders.model_not_found,
    "ENGINE_UNSUPPORTED": embedders.model_unsupported,
    "NO_GOOD_ROWS": files.no_good_rows,
    "UNKNOWN_COLUMN": files.wrong_columns,
    "SAME_COLUMN": files.wrong_columns,
    "NO_TEXT_COLUMN": files.wrong_columns,
    "WRONG_FORMAT": files.wrong_format,
    "JSON_NOT_LINES": files.wrong_format,
    "EMPTY_FILE": files.nothing_in_it,
    "NO_ROWS": files.nothing_in_it,
    "EXPANDS_TOO_FAR": files.nothing_in_it,
    "TOO_MANY_COLUMNS": files.nothing_in_it,
    "BAD_EDIT": edits.bad_list,
    "UNKNOWN_ROW": edits.bad_list,
    "DISK_FULL": services.disk_full,
    "UNAVAILABLE": services.unavailable,
    "NOT_FOUND": services.gone,
    **dict.fromkeys(TRIALS, trials.cannot_be_tried),
    **dict.fromkeys(services.SETTINGS, services.storage_refused),
}


def diagnose(job: Job, version: DatasetVersion | None) -> Diagnosis | None:
    """Why the job failed and what would help; None unless it is FAILED."""
    if job.status is not JobStatus.FAILED or job.failure is None:
        return None
    rule = RULES.get(job.failure.code, services.broke)
    found = rule(Case(job, job.failure, version))
    kept = tuple(fix for fix in found.fixes if _can_be_done(fix.action, job, version))
    return replace(found, fixes=kept)


def _can_be_done(action: Action, job: Job, version: DatasetVersion | None) -> bool:
    if isinstance(action, ReadAgain):
        # what a bulk prediction reads makes no version, and edits are of one base alone
        return job.bulk is None and (version is None or version.edits is None)
    return not (isinstance(action, RunAgain) and action.spec is not None and job.check is not None)
