"""The life of jobs, step by step: the record first, then the event, then the ring."""

from store.jobs.jobs import Jobs
from store.jobs.sweeper import SweepResult

__all__ = ["Jobs", "SweepResult"]
