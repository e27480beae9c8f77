"""Rows of versions and their changes, asked of the inference workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from store.calls.calls import CallKind, Calls
from store.codec import to_plain
from store.errors import InvalidValue
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.edit import EditCounts, RowEdit
from store.records.rows import ChangeKind, ChangePage, RowFilter, RowPage, VersionRow

MAX_NUMBERS = 1_000
MAX_CONTAINS = 1_000
NO_TEXT = ("",)
"""Such a call has one answer, as if it were about one text."""


class Rows:
    """Who may see a version is for callers to check. Everything raises what `Calls.ask` does."""

    def __init__(self, *, calls: Calls) -> None:
        self._calls = calls

    async def page(
        self, version: DatasetVersion, filter: RowFilter, *, first: int, after: int = -1
    ) -> RowPage:
        """The `first` rows with numbers above `after`; none of a version that is not ready."""
        if version.status is not VersionStatus.READY:
            return RowPage((), has_next=False)
        (page,) = await self._calls.ask(
            RowPage, CallKind.ROWS, version.id, NO_TEXT,
            first=first, after=after, filter=to_plain(_checked(filter)),
        )  # fmt: skip
        return page

    async def count(self, version: DatasetVersion, filter: RowFilter) -> int:
        """How many rows the filter wants."""
        if filter == RowFilter() or version.status is not VersionStatus.READY:
            return version.rows
        (count,) = await self._calls.ask(
            int, CallKind.ROW_COUNT, version.id, NO_TEXT, filter=to_plain(_checked(filter))
        )
        return count

    async def changes(
        self, version: DatasetVersion, since: DatasetVersion, kind: ChangeKind | None = None,
        *, first: int, after: int = -1,
    ) -> ChangePage:  # fmt: skip
        """What became of the rows of `since`. Raises InvalidValue unless both are ready."""
        for each in (version, since):
            if each.status is not VersionStatus.READY:
                raise InvalidValue(f"version {each.number} is {each.status}, not READY", "from")
        if version.dataset_id != since.dataset_id:
            raise InvalidValue("versions of two data sets have no rows in common", "from")
        (page,) = await self._calls.ask(
            ChangePage, CallKind.CHANGES, version.id, NO_TEXT,
            since=since.id, first=first, after=after, only=kind.value if kind else None,
        )  # fmt: skip
        return page

    async def edited(self, version: DatasetVersion, edits: Sequence[RowEdit]) -> EditCounts:
        """What the edits would come to."""
        tally: Counter[str] = Counter()
        for start in range(0, len(edits), MAX_NUMBERS):
            some = {edit.row: edit for edit in edits[start : start + MAX_NUMBERS]}
            wanted = RowFilter(numbers=tuple(some))
            rows = (await self.page(version, wanted, first=len(some))).rows
            tally["missing"] += len(some) - len(rows)
            for row in rows:
                tally.update(_outcomes(row, some[row.row]))
        return EditCounts(**tally)


def _outcomes(row: VersionRow, edit: RowEdit) -> list[str]:
    """What becomes of a row, by names of EditCounts."""
    if edit.drop:
        return ["dropped"]
    label = None if edit.label is None else edit.label.strip() or None
    relabelled = edit.label is not None and label != row.label
    reworded = edit.text is not None and edit.text.strip() != row.text
    outcomes = ["relabelled"] * relabelled + ["reworded"] * reworded
    return outcomes or ["unchanged"]


def _checked(filter: RowFilter) -> RowFilter:
    """Raises InvalidValue."""
    if filter.numbers is not None and len(filter.numbers) > MAX_NUMBERS:
        raise InvalidValue(f"at most {MAX_NUMBERS:,} numbers", "filter", "numbers")
    if filter.contains is not None and len(filter.contains) > MAX_CONTAINS:
        raise InvalidValue(f"at most {MAX_CONTAINS:,} characters", "filter", "contains")
    return filter
