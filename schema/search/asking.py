"""From the arguments of a search to what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import strawberry

from schema.context import Info
from schema.paging import After, Cursors, PageInfo, check_first, cursors, page_info
from schema.search.types import Searched, SearchState
from store.errors import InvalidValue, NotFound
from store.records.dataset import DatasetVersion
from store.records.index import SearchIndex
from store.records.search import MAX_DEPTH, Query, RowFilter, SearchAnswer, SearchMode

MAX_CHARACTERS = 10_000
MAX_NAMES = 100


@strawberry.input(description="Rows that may be found; what is left out does not matter.")
class SearchFilter:
    labels: list[str] | None = strawberry.field(
        default=None, description="With any of these labels, at most 100."
    )
    splits: list[str] | None = strawberry.field(
        default=None, description="In any of these splits, such as `train`; at most 100."
    )
    unlabelled: bool | None = strawberry.field(
        default=None, description="True for rows without a label, false for those with one."
    )

    def record(self) -> RowFilter:
        """Raises InvalidValue."""
        for name, given in (("labels", self.labels), ("splits", self.splits)):
            if given is not None and len(given) > MAX_NAMES:
                why = f"{len(given)} {name} are too many; send at most {MAX_NAMES}"
                raise InvalidValue(why, "filter", name)
        labels = None if self.labels is None else tuple(self.labels)
        splits = None if self.splits is None else tuple(self.splits)
        return RowFilter(labels, splits, self.unlabelled)


Text = Annotated[
    str | None,
    strawberry.argument(description="What to look for, at most 10,000 characters; or give `row`."),
]
LikeRow = Annotated[
    int | None, strawberry.argument(description="Look for rows like the one of this number.")
]
Mode = Annotated[SearchMode, strawberry.argument(description="What rows are found by.")]
Filter = Annotated[
    SearchFilter | None, strawberry.argument(description="Finds only some of the rows.")
]
FirstHits = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")]
IndexId = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="One of the version's `searchIndexes`; null takes the newest that is ready."
    ),
]


@dataclass(frozen=True)
class Asked:
    """The arguments of one search, checked."""

    text: str
    query: Query

    def at(self, skip: int) -> Query:
        """From that hit on; none beyond MAX_DEPTH."""
        first = min(self.query.first, MAX_DEPTH - skip)
        return Query(self.query.mode, first, skip, self.query.like_row, self.query.filter)


def asked(
    text: str | None, row: int | None, mode: SearchMode, filter: SearchFilter | None, first: int
) -> Asked:
    """Raises InvalidValue for the first argument that cannot be."""
    check_first(first)
    if (text is None) == (row is None):
        raise InvalidValue("give either a text or a row", "text")
    if text is not None and not 1 <= len(text.strip()) <= MAX_CHARACTERS:
        raise InvalidValue(f"a text has 1 to {MAX_CHARACTERS:,} characters", "text")
    query = Query(mode, first, 0, row, filter.record() if filter else RowFilter())
    return Asked(text or "", query)


async def search(
    info: Info, version: DatasetVersion, asked: Asked, after: After, index_id: str | None
) -> Searched:
    """What the version's index finds, or how to come by one."""
    store = info.context.store
    known = await store.search.indexes(version.id)
    index = _chosen(known, index_id)
    if index is None or index.built is None:
        return await _unready(info, index)
    places = cursors(info, f"search:{index.id}")
    skip = 0 if after is None else int(places.read(after))
    if skip >= MAX_DEPTH:
        return Searched(SearchState.READY, "", index)
    answer = await store.search.ask(index, asked.text, asked.at(skip))
    page = _page(answer, skip, after, places)
    return Searched(SearchState.READY, "", index, answer.hits, answer.total, page)


def _chosen(known: list[SearchIndex], index_id: str | None) -> SearchIndex | None:
    """The one that was asked for, else the newest that is ready, else the newest.

    Raises NotFound for an index that the version does not have.
    """
    if index_id is not None:
        found = next((each for each in known if each.id == index_id), None)
        if found is None:
            raise NotFound(f"the version has no search index {index_id!r}")
        return found
    ready = [each for each in known if each.built is not None]
    return next(iter(ready or known), None)


async def _unready(info: Info, index: SearchIndex | None) -> Searched:
    job = await info.context.loaders.jobs.load(index.job_id) if index else None
    if job is not None and not job.status.is_terminal:
        hint = f"job {job.id} is building the index; follow it by jobEvents"
        return Searched(SearchState.BUILDING, hint, index)
    why = f"job {job.id} ended as {job.status}; " if job else "the version has no search index; "
    return Searched(SearchState.MISSING, f"{why}start one by indexDataset", index)


def _page(answer: SearchAnswer, skip: int, after: str | None, places: Cursors) -> PageInfo:
    """A cursor is the rank behind which the next page begins."""
    ranks = [places.write(str(hit.rank)) for hit in answer.hits]
    end = skip + len(ranks)
    return page_info(ranks, after, end < min(answer.total, MAX_DEPTH) and bool(ranks))
