"""Opaque identifiers: a prefix that names the kind, and a ULID that sorts by time."""

from __future__ import annotations

from ulid import ULID

USER = "usr"
SESSION = "ses"
INVITATION = "inv"
API_KEY = "key"
UPLOAD = "upl"
DATASET = "ds"
DATASET_VERSION = "dsv"
JOB = "job"
MODEL = "mdl"
MODEL_VERSION = "mdv"
PREDICTION = "prd"
CLUSTER = "clu"
CLUSTER_EDIT = "ced"
BULK = "blk"
FINDING = "fnd"
GOLDEN = "gq"
COMPARISON = "cmp"
LEARNING = "lrn"
AUDIT = "aud"
TRIAL = "trl"


def new(prefix: str) -> str:
    """A new id such as `job_01JD...`; ids of one kind sort by the time of their making."""
    return f"{prefix}_{ULID()}"


def sibling(prefix: str, identifier: str) -> str:
    """The id of another kind that was made for the same request."""
    return f"{prefix}_{identifier.partition('_')[2]}"


def ranked(prefix: str, identifier: str, kind: int, rank: int) -> str:
    """An id for the thing of that rank and kind that `identifier` made: such ids sort by rank.

    The same each time; 50 of the 80 random bits of a ULID are left.
    """
    return f"{prefix}_{identifier.partition('_')[2][:20]}{kind}{rank:05}"


def prefix_of(identifier: str) -> str:
    """The kind of an id (`"job"` of `"job_01JD..."`); empty when it has no known shape."""
    prefix, separator, rest = identifier.partition("_")
    return prefix if separator and len(rest) == 26 and rest.isalnum() else ""
