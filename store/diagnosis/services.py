"""Services that were away or refused, disks that are full, and faults of our own."""

from __future__ import annotations

from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis
from store.diagnosis.fixing import again
from store.diagnosis.memory import as_plain_text

SETTINGS = {
    "STORAGE_KEY_REFUSED": "MINIO_ACCESS_KEY",
    "STORAGE_SECRET_REFUSED": "MINIO_SECRET_KEY",
    "STORAGE_ACCESS_DENIED": "what the key in MINIO_ACCESS_KEY may do in SHOAL_BUCKET",
    "STORAGE_BUCKET_MISSING": "SHOAL_BUCKET",
    "STORAGE_CLOCK_WRONG": "the clock of the host",
    "STORAGE_FOLDER_REFUSED": "SHOAL_DATA, or who may write to its folder",
}
"""By the code of a refusal: what an operator has to set right."""


def storage_refused(case: Case) -> Diagnosis:
    """The code names the setting."""
    setting = SETTINGS[case.failure.code]
    cause = f"The object store refuses this installation. Set right: {setting}."
    fix = again(case, "Do it again, once that is right on every server and worker")
    return Diagnosis(cause, (case.said(), *case.place()), fixes=(fix,))


def disk_full(case: Case) -> Diagnosis:
    """The message names the folder or the bucket."""
    cause = "There was no room left to write to. Make some, or set SHOAL_DATA to a larger disk."
    fix = again(case, "Do it again, once there is room")
    return Diagnosis(cause, (case.said(), *case.place(), case.tries()), fixes=(fix,))


def unavailable(case: Case) -> Diagnosis:
    """The message begins with the service."""
    service = case.failure.message.partition(" is unavailable")[0]
    cause = f"The service {service} did not answer for too long."
    fix = again(case, f"Do it again, once {service} answers")
    return Diagnosis(cause, (case.said(), *case.place(), case.tries()), fixes=(fix,))


def broke(case: Case) -> Diagnosis:
    """A fault in code, or one that no rule knows; what it said is all there is."""
    cause = "It met a fault that nobody foresaw; the job's log tells more."
    evidence = (case.said(), *case.place(), case.tries())
    return Diagnosis(cause, evidence, case.concerned(), (again(case), *as_plain_text(case)))


def gone(case: Case) -> Diagnosis:
    """What it was to work on is not there any more."""
    cause = "What it was to work on is gone, or in the trash; restore it first."
    return Diagnosis(cause, (case.said(),), fixes=(again(case, "Do it again, once it is back"),))
