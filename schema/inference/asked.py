"""Which model version a caller means, and on whose account it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from schema.context import Context
from schema.errors import Missing
from schema.visibility import find_model_version, sees_model
from store import ids
from store.errors import Denied, IllegalMove, StoreError
from store.records.model import Model


async def asked_version(context: Context, name: str) -> tuple[Model, str]:
    """The model, and the id of the version that is to answer.

    `name` is a model's name or id, or a version's id. Raises Missing when there is none that the
    caller sees, IllegalMove when the model has no published version.
    """
    prefix = ids.prefix_of(name)
    if prefix == ids.MODEL_VERSION:
        return await _by_version(context, name)
    model = await context.store.models.asked(name)
    if model is None or not sees_model(context.signed_in, model):
        raise Missing(f"there is no model {name!r}", "model")
    if model.published_version_id is None:
        raise IllegalMove(f"no version of {model.name} is published")
    return model, model.published_version_id


@asynccontextmanager
async def asking(context: Context, texts: int) -> AsyncIterator[None]:
    """Within, a model is asked about so many texts, which the caller's API key may be bound in.

    Raises Throttled when the key has asked about too many today.
    """
    usage, viewer = context.store.usage, context.signed_in
    await usage.spend_predictions(viewer, texts)
    try:
        yield
    except StoreError:
        usage.count(viewer, predictions=-texts)
        raise


def check_unbound(context: Context) -> None:
    """Raise Denied for a key that is bound in texts, where nobody knows yet how many there are."""
    if context.signed_in.budget.predictions is not None:
        raise Denied("an API key with a budget of predictions asks text by text: use `predict`")


async def _by_version(context: Context, version_id: str) -> tuple[Model, str]:
    version = await find_model_version(context, version_id)
    model = await context.loaders.models.load(version.model_id) if version else None
    if model is None:
        raise Missing(f"there is no model version {version_id!r}", "model")
    return model, version_id
