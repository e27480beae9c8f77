"""Which rule reads a failure: one for each code, and one for all that are unknown.

A rule is a pure function of the case. It may offer no fix, where only other data help.
"""

from __future__ import annotations

from collections.abc import Callable

from store.diagnosis import embedders, files, labels, memory, services
from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis
from store.records.dataset import DatasetVersion
from store.records.job import Job, JobStatus

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
    "DISK_FULL": services.disk_full,
    "UNAVAILABLE": services.unavailable,
    "NOT_FOUND": services.gone,
    **dict.fromkeys(services.SETTINGS, services.storage_refused),
}


def diagnose(job: Job, version: DatasetVersion | None) -> Diagnosis | None:
    """Why the job failed and what would help; None unless it is FAILED."""
    if job.status is not JobStatus.FAILED or job.failure is None:
        return None
    rule = RULES.get(job.failure.code, services.broke)
    return rule(Case(job, job.failure, version))
