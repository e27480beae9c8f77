"""Taking a change back."""

from __future__ import annotations

from typing import Annotated, Any, Protocol

import strawberry

from schema.context import Context, Info
from schema.enums import show_enum
from schema.errors import Missing, UserError
from schema.fields import no_errors, with_payload
from schema.nodes import Node
from schema.permissions import Requires, may_see
from schema.seen import saw
from schema.visibility import find, find_trashed
from store.errors import Conflict, Denied, NotFound
from store.records.account import Scope
from store.records.undo import UndoKind, UndoStep

show_enum(
    UndoKind,
    "A change that can be taken back.",
    DELETED="A data set or a model went to the trash; it comes back.",
    DATASET_UPDATED="A data set's name or description was changed.",
    MODEL_UPDATED="A model's description was changed.",
    CARD_EDITED="Sections of a model's card were written.",
    ALIAS_MOVED="Another version of a model was to answer, or none.",
    QUESTION_UNPINNED="A golden question was taken away; it comes back under its id.",
    CLUSTERS_EDITED="Clusters were renamed, merged or split; the log keeps it, and this.",
)


class Versioned(Protocol):
    """A record whose revision grows with each write."""

    @property
    def revision(self) -> int: ...


@strawberry.input(description="A change to be taken back.")
class UndoInput:
    token: str = strawberry.field(description="The `undoToken` that the caller's change gave.")


@strawberry.type(description="What `undo` took back.")
class UndoPayload:
    undone: UndoKind | None = strawberry.field(default=None, description="What was taken back.")
    subject: Any = strawberry.field(
        default=None,
        graphql_type=Node | None,
        description="The data set or model as it is now, or that the changed thing belongs to.",
    )
    user_errors: list[UserError] = no_errors()


Input = Annotated[UndoInput, strawberry.argument(description="The change.")]


async def offer(
    info: Info, kind: UndoKind, before: Versioned, after: Versioned, subject_id: str, **was: object
) -> str | None:
    """A token that puts back what `was`; None where somebody else wrote between the two."""
    if after.revision != before.revision + 1:
        return None
    undo, by = info.context.store.undo, info.context.signed_in.id
    return await undo.offer(kind, subject_id, by, expected=after.revision, before=was)


async def _seen(context: Context, subject_id: str) -> Any:
    return await find(context, subject_id) or await find_trashed(context, subject_id)


async def _must_change(context: Context, step: UndoStep) -> Any:
    """The subject, for whoever may still do what the step takes back.

    A question comes back for whoever pinned it as well. Raises Missing, Denied.
    """
    subject, viewer = await _seen(context, step.subject_id), context.signed_in
    if subject is None:
        raise Missing(f"there is no {step.subject_id!r}", "token")
    was = step.before.get("question", {})
    if not may_see(viewer, subject) and was.get("pinned_by") != viewer.id:
        raise Denied("only its owner or an admin may do this")
    saw(subject)
    return subject


@strawberry.type
class UndoMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Take a change of the caller's own back within 24 hours. Asking twice is harmless; what "
        "somebody has changed since then is refused.",
    )
    async def undo(self, info: Info, input: Input) -> UndoPayload:
        context, undo = info.context, info.context.store.undo
        try:
            step = await undo.step(input.token, context.signed_in.id)
        except NotFound as none:
            raise Missing(str(none), "token") from None
        subject = await _must_change(context, step)
        try:
            await undo.carry_out(step)
        except Conflict as changed:
            raise changed.about(changed.current or subject) from None
        return UndoPayload(undone=step.kind, subject=await find(context, step.subject_id))
