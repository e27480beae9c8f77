"""Search through the API: asked, paged, refused; indexes asked for, shown, and built by others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from store.calls.calls import Call
from store.codec import from_plain
from store.records.index import Built, SearchIndex
from store.records.job import JobKind, Priority
from store.records.search import Match, Query, RowFilter, SearchAnswer, SearchHit, SearchMode
from store.records.training import EmbedderKind, EmbedderSpec
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import create, ready_version

SEARCH = """
query($id: ID!, $text: String, $row: Int, $mode: SearchMode! = HYBRID, $filter: SearchFilter,
      $first: Int! = 10, $after: String, $index: ID) {
  node(id: $id) { ... on DatasetVersion {
    search(text: $text, row: $row, mode: $mode, filter: $filter, first: $first, after: $after,
           index: $index) {
      state hint total pageInfo { hasNextPage hasPreviousPage endCursor }
      hits { row text label name split rank score semantic keyword matches { start end } }
      index { ready rows words approximate recall bytes embedder { kind } job { id }
              version { id } }
    }
  } }
}
"""
OF_DATASET = """
query($id: ID!, $text: String) {
  dataset(id: $id) { search(text: $text) { state hint hits { row } index { version { id } } } }
}
"""
INDEX = """
mutation($input: IndexDatasetInput!) {
  indexDataset(input: $input) {
    job { id kind priority stages { name } } index { id ready embedder { kind k } }
    userErrors { __typename code path }
  }
}
"""
BUILT = Built("datasets/x/search/y/z/", 1_000, 40, 8, 99, False, 1.0, None)
TFIDF = EmbedderSpec(EmbedderKind.TFIDF, dimensions=8)


@asynccontextmanager
async def worker(store: Store) -> AsyncIterator[list[Call]]:
    """Finds the rows 0 to 39 for every text, two of each three by their words."""
    taken: list[Call] = []

    def found(call: Call) -> SearchAnswer:
        query = from_plain(Query, call.arguments["query"])
        rows = range(query.skip, min(query.skip + query.first, 40))
        hits = tuple(
            SearchHit(
                row, f"text {row}", "a", None, "train", row + 1, 1 / (row + 1), 0.5,
                0.25 if row % 3 else None, (Match(0, 4),),
            )
            for row in rows
        )  # fmt: skip
        return SearchAnswer(hits, 40)

    async def serve() -> None:
        while True:
            for call in await store.calls.take(64, block_s=0.2):
                taken.append(call)
                await store.calls.answer(call, [found(call) for _ in call.texts])

    task = asyncio.create_task(serve())
    try:
        yield taken
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def indexed(caller: Caller, version_id: str) -> SearchIndex:
    """A version's index, as a worker would have built it."""
    store = caller.store
    asked = await store.search.build(caller.id, version_id, TFIDF)
    job = await store.jobs.claim(asked.job_id, "worker-1")
    index = await store.search.ready(job, BUILT)
    await store.jobs.succeed(job)
    return index


async def searched(caller: Caller, version_id: str, **asked: Any) -> Any:
    return (await caller(SEARCH, id=version_id, **asked))["node"]["search"]


async def test_rows_are_found_page_by_page_with_the_parts_of_their_scores(alice: Caller) -> None:
    version_id = await ready_version(alice)
    index = await indexed(alice, version_id)
    async with worker(alice.store) as taken:
        found = await searched(alice, version_id, text="a fee", first=15)
        assert (found["state"], found["hint"], found["total"]) == ("READY", "", 40)
        assert found["hits"][1] == {
            "row": 1, "text": "text 1", "label": "a", "name": None, "split": "train", "rank": 2,
            "score": 0.5, "semantic": 0.5, "keyword": 0.25, "matches": [{"start": 0, "end": 4}],
        }  # fmt: skip
        assert found["index"] == {
            "ready": True, "rows": 40, "words": 99, "approximate": False, "recall": 1.0,
            "bytes": 1_000, "embedder": {"kind": "TFIDF"}, "job": {"id": index.job_id},
            "version": {"id": version_id},
        }  # fmt: skip
        rows = [hit["row"] for hit in found["hits"]]
        while found["pageInfo"]["hasNextPage"]:
            after = found["pageInfo"]["endCursor"]
            found = await searched(alice, version_id, text="a fee", first=15, after=after)
            rows += [hit["row"] for hit in found["hits"]]
        assert rows == list(range(40))
        only = {"labels": ["a"], "splits": ["train"], "unlabelled": False}
        await searched(alice, version_id, row=3, mode="SEMANTIC", filter=only, first=2)
    call = taken[-1]
    assert (call.subject, call.texts) == (index.id, ("",))
    wanted = Query(SearchMode.SEMANTIC, 2, 0, 3, RowFilter(("a",), ("train",), unlabelled=False))
    assert from_plain(Query, call.arguments["query"]) == wanted


async def test_a_cursor_is_of_one_search_alone(alice: Caller) -> None:
    version_id = await ready_version(alice)
    await indexed(alice, version_id)
    async with worker(alice.store) as taken:
        found = await searched(alice, version_id, text="a fee")
        after = found["pageInfo"]["endCursor"]
        for other in ({"text": "another"}, {"text": "a fee", "mode": "KEYWORD"}):
            asked = {"id": version_id, "after": after, **other}
            assert await alice.codes(SEARCH, **asked) == ["BAD_USER_INPUT"]
        assert len(taken) == 1


async def test_what_cannot_be_asked_reaches_no_worker(alice: Caller) -> None:
    version_id = await ready_version(alice)
    await indexed(alice, version_id)
    refused: list[dict[str, Any]] = [
        {}, {"text": "x", "row": 1}, {"text": "  "}, {"text": "x" * 10_001},
        {"text": "x", "first": 0}, {"text": "x", "first": 101}, {"text": "x", "after": "nonsense"},
        {"text": "x", "filter": {"labels": ["a"] * 101}},
    ]  # fmt: skip
    async with worker(alice.store) as taken:
        for asked in refused:
            assert await alice.codes(SEARCH, id=version_id, **asked) == ["BAD_USER_INPUT"], asked
        asked = {"text": "x", "index": "dsv_other"}
        assert await alice.codes(SEARCH, id=version_id, **asked) == ["NOT_FOUND"]
        assert taken == []


async def test_without_an_index_it_says_what_to_do(alice: Caller) -> None:
    version_id = await ready_version(alice)
    found = await searched(alice, version_id, text="x")
    assert (found["state"], found["hits"], found["index"]) == ("MISSING", [], None)
    assert "indexDataset" in found["hint"]
    data = await alice(INDEX, input={"datasetVersionId": version_id})
    job = data["indexDataset"]["job"]
    assert job["stages"] == [{"name": "embed"}, {"name": "index"}]
    found = await searched(alice, version_id, text="x")
    assert (found["state"], found["index"]["ready"]) == ("BUILDING", False)
    assert job["id"] in found["hint"]
    await alice.store.jobs.request_cancel(job["id"])
    found = await searched(alice, version_id, text="x")
    assert found["state"] == "MISSING"
    assert "CANCELLED" in found["hint"]
    again = (await alice(INDEX, input={"datasetVersionId": version_id}))["indexDataset"]["job"]
    assert again["id"] != job["id"]
    assert (await searched(alice, version_id, text="x"))["state"] == "BUILDING"


async def test_a_data_set_is_searched_by_its_newest_version_that_has_an_index(
    alice: Caller,
) -> None:
    version_id = await ready_version(alice)
    dataset_id = (await alice.store.mongo.dataset_versions.get(version_id)).dataset_id
    found = (await alice(OF_DATASET, id=dataset_id, text="x"))["dataset"]["search"]
    assert (found["state"], found["index"]) == ("MISSING", None)
    await indexed(alice, version_id)
    async with worker(alice.store):
        found = (await alice(OF_DATASET, id=dataset_id, text="x"))["dataset"]["search"]
    assert len(found["hits"]) == 10
    assert found["index"]["version"]["id"] == version_id
    unread = (await create(alice, "Unread"))["dataset"]["id"]
    found = (await alice(OF_DATASET, id=unread, text="x"))["dataset"]["search"]
    assert (found["state"], found["hint"]) == (
        "MISSING", "no version of the data set is READY yet",
    )  # fmt: skip


async def test_an_index_is_asked_for_once_and_with_any_fitting_embedder(alice: Caller) -> None:
    version_id = await ready_version(alice)
    asked = {"datasetVersionId": version_id, "idempotencyKey": "k", "priority": "LOW"}
    first, again = [(await alice(INDEX, input=asked))["indexDataset"] for _ in range(2)]
    assert first == again
    assert (first["job"]["kind"], first["job"]["priority"]) == (JobKind.INDEX, Priority.LOW)
    assert first["index"]["embedder"]["kind"] == "SENTENCE_TRANSFORMER"
    other = {"datasetVersionId": version_id, "embedder": {"kind": "TFIDF", "dimensions": 16}}
    second = (await alice(INDEX, input=other))["indexDataset"]
    assert second["index"]["id"] != first["index"]["id"]
    listed = await alice(
        "query($id: ID!) { node(id: $id) { ... on DatasetVersion { searchIndexes { id } } } }",
        id=version_id,
    )
    ids = [each["id"] for each in listed["node"]["searchIndexes"]]
    assert ids == [second["index"]["id"], first["index"]["id"]]


async def test_an_index_that_cannot_be_is_refused(alice: Caller, bob: Caller) -> None:
    version_id = await ready_version(alice)
    wrong = {"datasetVersionId": version_id, "embedder": {"kind": "KMER"}}
    [error] = (await alice(INDEX, input=wrong))["indexDataset"]["userErrors"]
    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "embedder", "kind"])
    unread = (await create(alice, "Unread"))["version"]["id"]
    [error] = (await alice(INDEX, input={"datasetVersionId": unread}))["indexDataset"]["userErrors"]
    assert error["__typename"] == "IllegalStateError"
    [error] = (await bob(INDEX, input={"datasetVersionId": version_id}))["indexDataset"][
        "userErrors"
    ]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "datasetVersionId"])
    assert await alice.store.mongo.search_indexes.count({}) == 0


async def test_somebody_elses_data_set_looks_missing(
    alice: Caller, bob: Caller, admin: Caller
) -> None:
    version_id = await ready_version(alice)
    await indexed(alice, version_id)
    dataset_id = (await alice.store.mongo.dataset_versions.get(version_id)).dataset_id
    async with worker(alice.store) as taken:
        assert await bob(SEARCH, id=version_id, text="x") == {"node": None}
        assert await bob(OF_DATASET, id=dataset_id, text="x") == {"dataset": None}
        assert taken == []
        assert (await searched(admin, version_id, text="x"))["total"] == 40


async def test_a_queue_that_is_full_is_an_honest_error(alice: Caller) -> None:
    version_id = await ready_version(alice)
    await indexed(alice, version_id)
    alice.store.calls._settings = alice.store.settings.model_copy(update={"max_waiting_calls": 0})
    [error] = await alice.errors(SEARCH, id=version_id, text="x")
    assert error["extensions"]["code"] == "OVERLOADED"
    assert error["extensions"]["retryAfter"] > 0
