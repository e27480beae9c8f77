"""Pinning golden questions."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Context, Info
from schema.errors import Missing, UserError
from schema.fields import (
    dry_run,
    expected_version,
    idempotency_key,
    no_errors,
    undo_token,
    with_payload,
)
from schema.golden.types import GoldenQuestion
from schema.once import check_revision, once
from schema.permissions import Requires, may_see
from schema.visibility import find_model, must_find
from store import ids
from store.codec import to_plain
from store.errors import Denied
from store.records import golden as records
from store.records.account import Scope
from store.records.undo import UndoKind


@strawberry.input(description="A text that a model has to answer in one way.")
class PinQuestionInput:
    model_id: strawberry.ID = strawberry.field(description="The model, which the caller sees.")
    text: str = strawberry.field(description="The text, at most 10,000 characters.")
    label: str = strawberry.field(description="What it has to answer.")
    note: str = strawberry.field(
        default="", description="Why it matters, in a line of at most 500 characters."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Whether a golden question blocks.")
class BlockByQuestionInput:
    id: strawberry.ID = strawberry.field(description="A question of the caller's own model.")
    blocks: bool = strawberry.field(
        description="Whether a version that answers otherwise is not published."
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="A golden question to be taken away.")
class UnpinQuestionInput:
    id: strawberry.ID = strawberry.field(
        description="A question that the caller pinned, or of the caller's own model."
    )
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.type(description="What a model is held to once a golden question is taken away.")
class UnpinEffect:
    questions: int = strawberry.field(description="Golden questions that it has then.")
    blocking: int = strawberry.field(description="Those of them that block a version.")


@strawberry.type(description="A golden question after a change.")
class GoldenQuestionPayload:
    question: records.GoldenQuestion | None = strawberry.field(
        default=None, graphql_type=GoldenQuestion | None, description="The question as it is now."
    )
    effect: UnpinEffect | None = strawberry.field(
        default=None, description="What the model is held to once the question is taken away."
    )
    undo_token: str | None = undo_token()
    user_errors: list[UserError] = no_errors()


PinInput = Annotated[PinQuestionInput, strawberry.argument(description="The question.")]
BlockInput = Annotated[BlockByQuestionInput, strawberry.argument(description="Which, and how.")]
UnpinInput = Annotated[UnpinQuestionInput, strawberry.argument(description="The question.")]


@strawberry.type
class GoldenMutations:
    @with_payload(
        Requires(Scope.PREDICT),
        "Pin a text that a model has to answer in one way. The owner's own block a version that "
        "fails from being published; others' do once the owner says so.",
    )
    async def pin_question(self, info: Info, input: PinInput) -> GoldenQuestionPayload:
        context = info.context
        model = await must_find(context, find_model, input.model_id, "modelId")

        async def pin(identifier: str) -> str:
            made = await context.store.golden.pin(
                model, context.signed_in.id, text=input.text, label=input.label, note=input.note,
                question_id=identifier,
            )  # fmt: skip
            return made.id

        identifier = await once(info, input, ids.GOLDEN, pin)
        question = await context.store.mongo.golden_questions.find(identifier)
        return GoldenQuestionPayload(question=question)

    @with_payload(
        Requires(Scope.WRITE),
        "Say whether a question keeps versions that fail it from being published.",
    )
    async def block_by_question(self, info: Info, input: BlockInput) -> GoldenQuestionPayload:
        known = await _question(info.context, input.id, own=False)
        question = await info.context.store.golden.block(
            known.id, input.blocks, expected_revision=input.expected_version
        )
        return GoldenQuestionPayload(question=question)

    @with_payload(Requires(Scope.PREDICT), "Take a golden question away.")
    async def unpin_question(self, info: Info, input: UnpinInput) -> GoldenQuestionPayload:
        golden, by = info.context.store.golden, info.context.signed_in.id
        known = await _question(info.context, input.id, own=True)
        check_revision(known, input.expected_version)
        questions, blocking = await golden.counts(known.model_id)
        effect = UnpinEffect(questions=questions - 1, blocking=blocking - known.blocks)
        if input.dry_run:
            return GoldenQuestionPayload(question=known, effect=effect)
        await golden.unpin(known)
        token = await info.context.store.undo.offer(
            UndoKind.QUESTION_UNPINNED, known.model_id, by, expected=known.revision,
            before={"question": to_plain(known)},
        )  # fmt: skip
        return GoldenQuestionPayload(question=known, effect=effect, undo_token=token)


async def _question(context: Context, identifier: str, *, own: bool) -> records.GoldenQuestion:
    """One of the caller's own models or, if `own`, that they pinned themselves.

    Raises Missing, and Denied for one that they see without that.
    """
    known = await context.store.mongo.golden_questions.find(identifier)
    model = await find_model(context, known.model_id) if known else None
    if known is None or model is None:
        raise Missing(f"there is no golden question {identifier!r}", "id")
    viewer = context.signed_in
    if may_see(viewer, model) or (own and known.pinned_by == viewer.id):
        return known
    raise Denied("it is for the model's owner to do that")
