"""The fields by which data sets and their versions are searched."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.context import Info
from schema.cost import costs
from schema.paging import After
from schema.search.asking import (
    Filter,
    FirstHits,
    IndexId,
    LikeRow,
    Mode,
    Text,
    asked,
    search,
)
from schema.search.types import Searched, SearchIndex, SearchResults, SearchState
from store.records.dataset import Dataset, DatasetVersion
from store.records.index import SearchIndex as IndexRecord
from store.records.search import SearchMode


async def _of_version(
    version: strawberry.Parent[DatasetVersion], info: Info, *, text: Text = None,
    row: LikeRow = None, mode: Mode = SearchMode.HYBRID, filter: Filter = None,
    first: FirstHits = 10, after: After = None, index: IndexId = None,
) -> Searched:  # fmt: skip
    wanted = asked(text, row, mode, filter, first)
    return await search(info, version, wanted, after, index)


async def _of_dataset(
    dataset: strawberry.Parent[Dataset], info: Info, *, text: Text = None,
    row: LikeRow = None, mode: Mode = SearchMode.HYBRID, filter: Filter = None,
    first: FirstHits = 10, after: After = None,
) -> Searched:  # fmt: skip
    wanted = asked(text, row, mode, filter, first)
    newest = await info.context.store.search.searchable(dataset.id)
    version = await info.context.loaders.dataset_versions.load(newest) if newest else None
    if version is None:
        return Searched(SearchState.MISSING, "no version of the data set is READY yet")
    return await search(info, version, wanted, after, None)


async def _indexes(version: strawberry.Parent[DatasetVersion], info: Info) -> list[IndexRecord]:
    return await info.context.store.search.indexes(version.id)


def search_version() -> Any:
    """The field `search` of a version."""
    return strawberry.field(
        directives=costs(5),
        resolver=_of_version,
        graphql_type=SearchResults,
        description="Rows found by what they mean, by their words, or by both.",
    )


def search_dataset() -> Any:
    """The field `search` of a data set."""
    return strawberry.field(
        directives=costs(5),
        resolver=_of_dataset,
        graphql_type=SearchResults,
        description="As a version's, of the newest version that has an index.",
    )


def search_indexes() -> Any:
    """The field `searchIndexes` of a version."""
    return strawberry.field(
        resolver=_indexes,
        graphql_type=list[SearchIndex],
        description="What it is searched with, one for each embedder, newest first; at most 20.",
    )
