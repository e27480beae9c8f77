"""Opaque identifiers: a prefix that names the kind, and a ULID that sorts by time."""

from __future__ import annotations

import hashlib
from datetime import datetime

from ulid import ULID

RANDOM_BYTES = 10
"""Of the 16 of a ULID; those before are its time."""

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
INDEX = "idx"
DRIFT = "drf"
LABELLING = "lab"
WEBHOOK = "whk"
WEBHOOK_DELIVERY = "whd"
OPERATION = "bop"
UNDO = "und"


def new(prefix: str) -> str:
    """A new id such as `job_01JD...`; ids of one kind sort by the time of their making."""
    return f"{prefix}_{ULID()}"


def earliest(prefix: str, at: datetime) -> str:
    """Before every id of that kind that was made at that time or later, after all others."""
    return f"{prefix}_{ULID(_time(at) + bytes(RANDOM_BYTES))}"


def derived(prefix: str, at: datetime, *of: str) -> str:
    """The same id for whoever asks: of a thing of that kind, made of these at that time."""
    digest = hashlib.sha256("\0".join(of).encode()).digest()
    return f"{prefix}_{ULID(_time(at) + digest[:RANDOM_BYTES])}"


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
    version, dash, embedder = identifier.partition("-")
    if dash:  # an index is named by its version and a digest of its embedder
        is_index = prefix_of(version) == DATASET_VERSION and embedder.isalnum()
        return INDEX if is_index else ""
    prefix, separator, rest = identifier.partition("_")
    return prefix if separator and len(rest) == 26 and rest.isalnum() else ""


def _time(at: datetime) -> bytes:
    return ULID.from_datetime(at).bytes[:-RANDOM_BYTES]
