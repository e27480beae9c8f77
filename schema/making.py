"""Room within the caller's quotas for what a mutation makes, held while it is made."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext

import orjson

from schema.context import Context
from store import ids
from store.codec import to_plain

WITH_JOBS = frozenset({ids.JOB, ids.DATASET_VERSION, ids.LEARNING, ids.TRIAL})
"""Things that are made by a job, which is asked for with them."""


def making(context: Context, input: object, identifier: str) -> AbstractAsyncContextManager[object]:
    """Raises QuotaExceeded where the thing of that id, asked for by that input, has no room."""
    quotas, user_id = context.store.quotas, context.signed_in.id
    prefix = ids.prefix_of(identifier)
    if prefix == ids.UPLOAD:
        return quotas.making_upload(user_id, identifier, getattr(input, "size", 0))
    if prefix in WITH_JOBS:
        return quotas.making_job(user_id, identifier, _bytes_inside(input))
    return nullcontext()


def _bytes_inside(input: object) -> int:
    """Of rows or edits that came with the request, which are kept as they are."""
    inside = getattr(input, "rows", None) or getattr(input, "edits", None)
    return len(orjson.dumps(to_plain(inside))) if inside else 0
