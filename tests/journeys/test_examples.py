"""Every example of GraphiQL, executed in its order, with the ids that GraphiQL would fill in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from graphql import OperationType, get_operation_ast, parse

from shoal.demo import documents
from shoal.demo.api import Api
from tests.examples import NEWEST, Example, examples, ids_from
from tests.journeys.test_main_job import create_dataset, followed, trained
from tests.journeys.texts import write_texts

MODEL = "colours-or-animals"
"""That StartTraining names."""
ITEM_TIMEOUT_S = 15


async def test_every_example_does_what_it_says(api: Api, tmp_path: Path) -> None:
    await small_model(api, tmp_path)
    answers: dict[str, Any] = {}
    for example in examples():
        variables = example.filled(ids_from(await api.run(NEWEST), answers))
        data = await executed(api, example, variables)
        assert list(errors_in(data)) == [], (example.name, variables)
        answers |= dict(texts_in(data))
        for job_id in jobs_begun_by(data):
            await followed(api, job_id)


async def small_model(api: Api, folder: Path) -> None:
    """A data set, a model that answers, and an answer; the examples train its second version."""
    version = await create_dataset(api, write_texts(folder / "texts.csv", rows=120), "examples")
    made = await trained(api, version["id"], MODEL, {"embedder": {"kind": "TFIDF"}})
    model_id = made["model"]["id"]
    await api.do(documents.PUBLISH_MODEL, modelId=model_id, versionId=made["id"])
    await api.run(documents.PREDICT, input={"model": MODEL, "texts": ["a pan of soup"]})


async def executed(api: Api, example: Example, variables: dict[str, Any]) -> Any:
    """The answer; of a subscription its first item."""
    operation = get_operation_ast(parse(example.document))
    assert operation is not None
    if operation.operation is not OperationType.SUBSCRIPTION:
        return await api.run(example.document, **variables)
    following = api.follow(example.document, **variables)
    async with asyncio.timeout(ITEM_TIMEOUT_S), aclosing(following):
        return await anext(following)


def errors_in(data: Any) -> Iterator[Any]:
    for name, value in fields_in(data):
        if name == "userErrors":
            yield from value


def texts_in(data: Any) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in fields_in(data) if isinstance(value, str))


def jobs_begun_by(data: Any) -> Iterator[str]:
    """Of a mutation: its payload has the job that it began beside its userErrors."""
    for payload in data.values() if isinstance(data, dict) else ():
        if isinstance(payload, dict) and "userErrors" in payload:
            yield from (
                value["id"]
                for name, value in fields_in(payload)
                if name in ("job", "training") and value
            )


def fields_in(data: Any) -> Iterator[tuple[str, Any]]:
    """Every field, however deep."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield name, value
            yield from fields_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from fields_in(item)
