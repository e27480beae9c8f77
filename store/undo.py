"""Taking a change back: whoever made it holds a token, good for a day, if nothing came after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from store import ids
from store.accounts.tokens import read_undo_token, write_undo_token
from store.clock import now
from store.clusters import Clusters
from store.codec import from_plain
from store.datasets.datasets import Datasets
from store.errors import NotFound
from store.models.cards import Cards
from store.models.golden import Golden
from store.models.models import Models
from store.mongo import Collections
from store.records.card import CardSection
from store.records.golden import GoldenQuestion
from store.records.undo import UndoKind, UndoStep
from store.settings import Settings
from store.trash import Trash


class Undo:
    """Who may change the subject is for callers to check."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, datasets: Datasets, models: Models,
        cards: Cards, golden: Golden, clusters: Clusters, trash: Trash,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._mongo = mongo
        self._steps = mongo.undo_steps
        self._datasets = datasets
        self._models = models
        self._cards = cards
        self._golden = golden
        self._clusters = clusters
        self._trash = trash

    async def offer(
        self, kind: UndoKind, subject_id: str, by: str, *, expected: int, before: Mapping[str, Any]
    ) -> str:
        """A token with which `by` can put back what was there `before`."""
        step = UndoStep(ids.new(ids.UNDO), kind, subject_id, by, now(), expected, dict(before))
        await self._steps.insert(step)
        return write_undo_token(self._settings.secret, by, step.id)

    async def step(self, token: str, by: str) -> UndoStep:
        """Raises NotFound for a token that is over, another's or made up."""
        identifier = read_undo_token(self._settings.secrets, by, token)
        step = await self._steps.find(identifier) if identifier else None
        if step is None or step.is_over(now()):
            raise NotFound("this token is over, or it is none of yours")
        return step

    async def carry_out(self, step: UndoStep) -> None:
        """Once, however often. Raises NotFound, IllegalMove, and Conflict for what changed since.

        A step whose thing is as the change left it is carried out, whoever died on the way.
        """
        if step.is_done:
            return
        await self._put_back(step)
        await self._steps.amend(step.id, UndoStep.done)

    async def _put_back(self, step: UndoStep) -> None:
        subject, by, before, expected = step.subject_id, step.by, step.before, step.expected
        match step.kind:
            case UndoKind.DELETED:
                await self._trash.restore(subject, expected_revision=expected)
            case UndoKind.DATASET_UPDATED:
                await self._datasets.rename(
                    subject, before["name"], before["description"], expected_revision=expected
                )
            case UndoKind.MODEL_UPDATED:
                await self._models.describe(
                    subject, before["description"], expected_revision=expected
                )
            case UndoKind.CARD_EDITED:
                texts = {CardSection(section): text for section, text in before.items()}
                model = await self._mongo.models.get(subject)
                await self._cards.write(model, texts, by, expected_revision=expected)
            case UndoKind.ALIAS_MOVED if before["version"] is None:
                await self._models.withdraw(subject, expected)
            case UndoKind.ALIAS_MOVED:
                await self._models.publish(subject, before["version"], by, expected)
            case UndoKind.QUESTION_UNPINNED:
                await self._golden.put_back(from_plain(GoldenQuestion, before["question"]))
            case UndoKind.CLUSTERS_EDITED:
                again = ids.sibling(ids.CLUSTER_EDIT, step.id)
                await self._clusters.take_back(subject, before["edit"], by, edit_id=again)
