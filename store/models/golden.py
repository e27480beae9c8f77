"""Golden questions: pinned by those who rely on a model, asked before a version is published."""

from __future__ import annotations

from store import ids, naming
from store.calls.calls import Calls
from store.clock import now
from store.errors import Conflict, GoldenFailed, IllegalMove, InvalidValue
from store.mongo import Collections
from store.records.golden import GoldenQuestion, GoldenResult
from store.records.model import Model

MAX_QUESTIONS = 100
MAX_CHARACTERS, MAX_LABEL = 10_000, 200


class Golden:
    """Who may pin and judge is for callers to check. All raises Unavailable."""

    def __init__(self, *, mongo: Collections, calls: Calls) -> None:
        self._questions = mongo.golden_questions
        self._versions = mongo.model_versions
        self._calls = calls

    async def pin(
        self, model: Model, by: str, *, text: str, label: str, note: str = "",
        question_id: str | None = None,
    ) -> GoldenQuestion:  # fmt: skip
        """One that blocks if it comes from the model's owner; others' are for the owner to judge.

        Asked again with its id, the one that is there. Raises InvalidValue, and IllegalMove when
        the model has MAX_QUESTIONS.
        """
        await self._refuse_more(model.id)
        question = GoldenQuestion(
            id=question_id or ids.new(ids.GOLDEN), model_id=model.id, pinned_by=by,
            text=_text(text), label=_label(label), note=naming.reason(note),
            blocks=by == model.owner_id, created_at=now(),
        )  # fmt: skip
        await self._questions.insert_many_ignoring_known([question])
        return await self._questions.get(question.id)

    async def block(
        self, question_id: str, blocks: bool, *, expected_revision: int | None = None
    ) -> GoldenQuestion:
        """Raises NotFound, Conflict."""
        return await self._questions.amend(
            question_id, lambda kept: kept.blocking(blocks), expected_revision=expected_revision
        )

    async def unpin(self, question: GoldenQuestion) -> None:
        """Raises NotFound, and Conflict when it is not as the caller saw it."""
        if not await self._questions.delete_at(question.id, question.revision):
            now_there = await self._questions.get(question.id)
            raise Conflict(
                f"{question.id} changed: it is at revision {now_there.revision}",
                now_there.revision, now_there,
            )  # fmt: skip

    async def put_back(self, question: GoldenQuestion) -> None:
        """Pin again what was unpinned. Raises Conflict when it is there, and as `pin`."""
        await self._refuse_more(question.model_id)
        if not await self._questions.insert_many_ignoring_known([question]):
            there = await self._questions.get(question.id)
            raise Conflict(f"{question.id} is pinned already", there.revision, there)

    async def counts(self, model_id: str) -> tuple[int, int]:
        """How many questions the model has, and how many of them block."""
        of = {"model_id": model_id}
        return await self._questions.count(of), await self._questions.count(of | {"blocks": True})

    async def results(self, model_id: str, version_id: str) -> list[GoldenResult]:
        """What the version says to each of the model's questions, oldest first.

        Raises what `Calls.ask` does.
        """
        questions = await self._questions.all_by({"model_id": model_id}, MAX_QUESTIONS)
        if not questions:
            return []
        texts = [question.text for question in questions]
        answers = await self._calls.predict(version_id, texts, top_k=1, neighbours=0)
        return [
            GoldenResult(question, answer.label, answer.probability, answer.abstained)
            for question, answer in zip(questions, answers, strict=True)
        ]

    async def require(self, model_id: str, version_id: str) -> None:
        """Raises GoldenFailed when that version of the model fails a question that blocks."""
        version = await self._versions.find(version_id)
        if version is None or version.model_id != model_id:
            return  # it is not published anyway
        if not await self._questions.count({"model_id": model_id, "blocks": True}):
            return
        results = await self.results(model_id, version_id)
        failed = [each for each in results if each.question.blocks and not each.passed]
        if failed:
            raise GoldenFailed(tuple(failed))

    async def _refuse_more(self, model_id: str) -> None:
        if await self._questions.count({"model_id": model_id}) >= MAX_QUESTIONS:
            raise IllegalMove(f"the model has {MAX_QUESTIONS} golden questions; unpin one first")


def _text(text: str) -> str:
    if not text.strip() or len(text) > MAX_CHARACTERS:
        raise InvalidValue(f"a question has 1 to {MAX_CHARACTERS:,} characters", "text")
    return text


def _label(label: str) -> str:
    if not 1 <= len(label.strip()) <= MAX_LABEL:
        raise InvalidValue(f"a label has 1 to {MAX_LABEL} characters", "label")
    return label.strip()
