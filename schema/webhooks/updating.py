"""From `updateWebhook`'s input to a move of the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schema.context import Context
from schema.webhooks.inputs import UpdateWebhookInput
from schema.webhooks.saved import Runner, asked, saved_in
from schema.webhooks.trying import begin
from store.accounts.users import clean_name
from store.clock import now
from store.errors import InvalidValue
from store.records.webhook import OffReason, Webhook
from store.webhooks.urls import clean_url

Move = Callable[[Webhook], Webhook]


@dataclass(frozen=True, slots=True)
class Change:
    moves: tuple[Move, ...]
    cursor: str | None
    """Where another document begins."""

    def __call__(self, webhook: Webhook) -> Webhook:
        for move in self.moves:
            webhook = move(webhook)
        return webhook


async def change_of(
    runner: Runner, context: Context, webhook: Webhook, input: UpdateWebhookInput
) -> Change:
    """With all its values checked. Raises InvalidValue, and Denied."""
    moves: list[Move] = []
    cursor = None
    if input.name is not None:
        name = clean_name(input.name)
        moves.append(lambda kept: kept.renamed(name))
    if input.url is not None:
        url = clean_url(input.url, context.store.webhooks.allowed)
        moves.append(lambda kept: kept.pointed_to(url))
    if input.document is not None:
        new, saved = asked(runner, input.document, input.operation_name, input.variables)
        cursor = await begin(saved, context)
        moves.append(lambda kept: kept.asking(new.document, new.operation_name, new.variables))
    elif input.variables is not None or input.operation_name is not None:
        raise InvalidValue("send the document together with its variables", "document")
    elif input.is_on:
        await begin(saved_in(runner, webhook), context)
    if input.document is not None or input.is_on:
        moves.append(lambda kept: kept.acting_as(context.signed_in))
    if input.is_on is not None:
        moves.append(_switched(input.is_on))
    return Change(tuple(moves), cursor)


def _switched(is_on: bool) -> Move:
    if is_on:
        return Webhook.switched_on
    at = now()
    return lambda kept: kept.switched_off(at, OffReason.OWNER, "its owner switched it off")
