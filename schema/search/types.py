"""What a search finds, and the index that it is found with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.jobs.spec import EmbedderSpec
from schema.lazy import LazyDatasetVersion, LazyJob
from schema.nodes import Node, shows
from schema.paging import PageInfo
from schema.scalars import BigInt
from schema.visibility import find_dataset_version, find_job
from store.records import index as indexes
from store.records import search as records
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.job import Job as JobRecord
from store.records.training import EmbedderSpec as EmbedderRecord

Index = strawberry.Parent[indexes.SearchIndex]


class SearchState(StrEnum):
    READY = "READY"
    BUILDING = "BUILDING"
    MISSING = "MISSING"


show_enum(
    SearchState,
    "Whether a version can be searched.",
    READY="It can.",
    BUILDING="A job is building the index; until then nothing is found.",
    MISSING="It has no index, and no job is building one: `indexDataset` starts one.",
)
show_enum(
    records.SearchMode,
    "What a row is found by.",
    SEMANTIC="By what it means: the cosine of its vector to the text's.",
    KEYWORD="By its words: BM25. Rows without any of them are not found.",
    HYBRID="By both: 0.8 x semantic + 0.2 x keyword.",
)


@strawberry.type(description="A word of a row that was asked for, by its place in `text`.")
class SearchMatch:
    start: int = strawberry.field(description="The first character, counted from 0.")
    end: int = strawberry.field(description="The character after the last one.")


@strawberry.type(description="A row that was found, and why.")
class SearchHit:
    row: int = strawberry.field(description="Its number in the version, counted from 0.")
    text: str = strawberry.field(description="Its text, cut after 2,000 characters.")
    label: str | None = strawberry.field(description="Its label, if it has one.")
    name: str | None = strawberry.field(
        description="What the file called it, as in FASTA; null for most."
    )
    split: str | None = strawberry.field(description="Its split, where the data has one.")
    rank: int = strawberry.field(description="1 for the best; equal scores go by row number.")
    score: float = strawberry.field(description="What hits are ordered by, as the mode says.")
    semantic: float | None = strawberry.field(
        description="Cosine to what was asked, -1 to 1; null where only words count."
    )
    keyword: float | None = strawberry.field(
        description="BM25 over the most that these words can give, 0 to 1; null where words do "
        "not count, as in sequences."
    )
    matches: tuple[records.Match, ...] = strawberry.field(
        graphql_type=list[SearchMatch],
        description="Where words that were asked for stand in `text`, at most 50 places.",
    )


def _rows(index: Index) -> int | None:
    return index.built.rows if index.built else None


def _bytes(index: Index) -> BigInt | None:
    return BigInt(index.built.bytes) if index.built else None


def _words(index: Index) -> int | None:
    return index.built.words if index.built else None


def _recall(index: Index) -> float | None:
    return index.built.recall if index.built else None


def _approximate(index: Index) -> bool:
    return index.built is not None and index.built.approximate


def _ready(index: Index) -> bool:
    return index.built is not None


async def _job(index: Index, info: Info) -> JobRecord | None:
    return await find_job(info.context, index.job_id)


async def _version(index: Index, info: Info) -> DatasetVersionRecord | None:
    return await find_dataset_version(info.context, index.dataset_version_id)


@strawberry.type(description="What a version is searched with; it never changes once it is ready.")
class SearchIndex(Node):
    is_type_of = shows(indexes.SearchIndex)

    embedder: EmbedderRecord = strawberry.field(
        graphql_type=EmbedderSpec, description="How texts become vectors."
    )
    ready: bool = strawberry.field(resolver=_ready, description="Whether it answers.")
    rows: int | None = strawberry.field(
        resolver=_rows, description="Rows that can be found; null until it is ready."
    )
    words: int | None = strawberry.field(
        resolver=_words, description="Distinct words that can be found; 0 for sequences."
    )
    bytes: BigInt | None = strawberry.field(resolver=_bytes, description="What it takes up.")
    approximate: bool = strawberry.field(
        resolver=_approximate,
        description="Whether it skips rows that cannot be near, as above 200,000 rows; below, "
        "all of them are compared.",
    )
    recall: float | None = strawberry.field(
        resolver=_recall,
        description="Share of the ten nearest rows that it finds, measured when it was built.",
    )
    created_at: datetime = strawberry.field(description="When it was asked for.")
    built_at: datetime | None = strawberry.field(description="When it was ready.")
    job: JobRecord | None = strawberry.field(
        resolver=_job, graphql_type=LazyJob | None, description="The job that builds it."
    )
    version: DatasetVersionRecord | None = strawberry.field(
        resolver=_version,
        graphql_type=LazyDatasetVersion | None,
        description="The version that it is of.",
    )


@dataclass(frozen=True, slots=True)
class Searched:
    """What `SearchResults` is a window on."""

    state: SearchState
    hint: str
    index: indexes.SearchIndex | None = None
    hits: tuple[records.SearchHit, ...] = ()
    total: int = 0
    page: PageInfo | None = None


def _shown_page(searched: strawberry.Parent[Searched]) -> PageInfo:
    return searched.page or PageInfo(
        has_next_page=False, has_previous_page=False, start_cursor=None, end_cursor=None
    )


@strawberry.type(description="What was found.")
class SearchResults:
    state: SearchState = strawberry.field(description="Whether the version can be searched.")
    hint: str = strawberry.field(
        description="What to wait for or to do where it cannot; else empty."
    )
    hits: tuple[records.SearchHit, ...] = strawberry.field(
        graphql_type=list[SearchHit], description="The rows, best first, at most `first` of them."
    )
    total: int = strawberry.field(
        description="Rows that the filter leaves, or in KEYWORD mode those with such a word; the "
        "first 1,000 can be paged through."
    )
    page_info: PageInfo = strawberry.field(
        resolver=_shown_page, description="Where the hits stand among all."
    )
    index: indexes.SearchIndex | None = strawberry.field(
        graphql_type=SearchIndex | None,
        description="What was searched with, or what is being built; null where there is none.",
    )
