"""Logs of jobs: lines while a job runs, kept in the object store once it has ended."""

from store.joblogs.ending import LAST, has_end, to_the_end
from store.joblogs.joblogs import JobLogs
from store.joblogs.lines import MAX_FIELDS, WORKER, level_of, line

__all__ = [
    "LAST",
    "MAX_FIELDS",
    "WORKER",
    "JobLogs",
    "has_end",
    "level_of",
    "line",
    "to_the_end",
]
