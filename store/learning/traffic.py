"""What a model version was asked, day by day: all of it, or a fair sample.

Predictions are found by their ids, which tell when they were made, and an hour at a time: a day may
have more of them than are counted before a service's answer is overdue.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import accumulate, pairwise
from typing import Any

from store import ids
from store.mongo.collection import Collection
from store.records.drift import DriftReport, Logged, Traffic
from store.records.prediction import Prediction

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Filter = dict[str, Any]


def midnight(at: datetime) -> datetime:
    """When its day began, by UTC."""
    return datetime.combine(at.date(), time(), UTC)


class TrafficReader:
    """Everything raises Unavailable."""

    def __init__(self, predictions: Collection[Prediction]) -> None:
        self._predictions = predictions

    async def read(self, report: DriftReport) -> list[Traffic]:
        """Days of its window that have predictions; they share `report.texts` alike."""
        begins, counts = report.since, {}
        while begins < report.until:
            hours = hours_of(report.model_version_id, begins, report.asked_by)
            counted = [await self._predictions.count(where) for where in hours]
            if any(counted):
                counts[begins] = counted
            begins += DAY
        limit = report.texts // max(len(counts), 1)
        return [await self._day(report, *each, limit) for each in counts.items()]

    async def reaches(
        self, count: int, version_id: str, begins: datetime, asked_by: str | None
    ) -> bool:
        """Whether a day has as many predictions."""
        found = 0
        for where in hours_of(version_id, begins, asked_by):
            found += await self._predictions.count(where)
            if found >= count:
                return True
        return False

    async def _day(
        self, report: DriftReport, begins: datetime, counts: list[int], limit: int
    ) -> Traffic:
        """Each hour's share is that of its predictions."""
        total, hours = sum(counts), hours_of(report.model_version_id, begins, report.asked_by)
        share = min(limit / total, 1.0)
        ends = [round(share * sum_) for sum_ in accumulate(counts, initial=0)]
        found: list[Prediction] = []
        for where, count, (start, end) in zip(hours, counts, pairwise(ends), strict=True):
            if end - start == count:
                found += await self._predictions.all_by(where, count) if count else ()
            elif start < end:
                found += await self._predictions.sample(where, end - start)
        ordered = sorted(found, key=lambda each: each.id)
        read = (Logged(p.id, p.text, p.label, p.probability, p.decided) for p in ordered)
        return Traffic(begins, total, tuple(read))


def hours_of(version_id: str, begins: datetime, asked_by: str | None) -> list[Filter]:
    """The filters of each hour's predictions on a day; `asked_by` None is everybody."""
    ends = [ids.earliest(ids.PREDICTION, begins + hour * HOUR) for hour in range(25)]
    whose = {"model_version_id": version_id} | ({} if asked_by is None else {"user_id": asked_by})
    return [whose | {"_id": {"$gte": first, "$lt": end}} for first, end in pairwise(ends)]
