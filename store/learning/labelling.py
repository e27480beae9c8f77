"""Labelling batches: what a drift report found strange, to be corrected by people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from store import ids
from store.clock import now
from store.errors import IllegalMove, InvalidValue
from store.mongo import Collections
from store.records.drift import DriftReport
from store.records.labelling import Candidate, Item, LabellingBatch

MAX_SIZE = 100
EARLIER = 1_000


class Labelling:
    """Who may see the report is for callers to check. Everything raises Unavailable.

    An item is labelled by `Predictions.correct`, with whatever label fits: a hole is often a class
    that the model does not know. What is accepted of it is learnt by `Corrections.learn`.
    """

    def __init__(self, *, mongo: Collections) -> None:
        self._mongo = mongo

    async def create(
        self, report: DriftReport, by: str, *, holes: Sequence[int] | None, size: int,
        batch_id: str | None = None,
    ) -> LabellingBatch:  # fmt: skip
        """The first `size` predictions that are neither labelled nor in an earlier batch.

        The holes take turns, each in the order that teaches most; None takes all of them, and then
        strange texts in no hole. Asked again with its id, it is what is there. Raises
        InvalidValue, IllegalMove where nothing is left.
        """
        if not 1 <= size <= MAX_SIZE:
            raise InvalidValue(f"size is {size}; it must be 1 to {MAX_SIZE}", "size")
        if batch_id and (known := await self._mongo.labelling_batches.find(batch_id)):
            return known
        chosen = None if holes is None else _checked(report, holes)
        candidates = await self._open(report, list(_in_turn(report, chosen)), size)
        if not candidates:
            raise IllegalMove("every such text is labelled, or in a batch, already")
        batch = LabellingBatch(
            id=batch_id or ids.new(ids.LABELLING), owner_id=by, model_id=report.model_id,
            model_version_id=report.model_version_id, dataset_id=report.dataset_id,
            report_id=report.id, holes=chosen, candidates=tuple(candidates), created_at=now(),
            asked_by=report.asked_by,
        )  # fmt: skip
        await self._mongo.labelling_batches.insert_many_ignoring_known([batch])
        return await self._mongo.labelling_batches.get(batch.id)

    async def skip(self, batch_id: str, prediction_id: str) -> LabellingBatch:
        """Nobody will label it. Raises NotFound."""
        return await self._mongo.labelling_batches.amend(
            batch_id, lambda kept: kept.skipping(prediction_id)
        )

    async def items(self, batch: LabellingBatch) -> list[Item]:
        """In the order that teaches most, as they are now."""
        wanted = [each.prediction_id for each in batch.candidates]
        return batch.items(await self._mongo.predictions.get_many(wanted))

    async def _open(
        self, report: DriftReport, candidates: Sequence[Candidate], size: int
    ) -> list[Candidate]:
        earlier = await self._mongo.labelling_batches.all_by({"report_id": report.id}, EARLIER)
        taken = {each.prediction_id for batch in earlier for each in batch.candidates}
        free = [each for each in candidates if each.prediction_id not in taken]
        known = await self._mongo.predictions.get_many([each.prediction_id for each in free])
        unlabelled = {id for id, prediction in known.items() if prediction.correction is None}
        return [each for each in free if each.prediction_id in unlabelled][:size]


def _checked(report: DriftReport, holes: Sequence[int]) -> tuple[int, ...]:
    """Raises InvalidValue for one that the report has not."""
    known = {hole.number for hole in report.findings.holes} if report.findings else set()
    for place, number in enumerate(holes):
        if number not in known:
            raise InvalidValue(f"{report.id} has no hole {number}", "holes", str(place))
    if not holes:
        raise InvalidValue("name one hole at least, or leave them out for all", "holes")
    return tuple(dict.fromkeys(holes))


def _in_turn(report: DriftReport, chosen: tuple[int, ...] | None) -> Iterator[Candidate]:
    """The first of each hole, then the second of each, and so on; then those in no hole."""
    if report.findings is None:
        return
    rows = [
        [Candidate(prediction_id, hole.number) for prediction_id in hole.candidates]
        for hole in report.findings.holes
        if chosen is None or hole.number in chosen
    ]
    yield from filter(None, chain.from_iterable(zip_longest(*rows)))
    if chosen is None:
        yield from (Candidate(prediction_id, None) for prediction_id in report.findings.strange)
