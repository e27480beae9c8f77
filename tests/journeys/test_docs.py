"""The documents against a whole platform: their programs, and every block of their GraphQL."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, print_ast

from shoal.demo import documents as demo
from shoal.demo.api import Api
from tests.examples import NEWEST, ids_from
from tests.journeys.conftest import Platform
from tests.journeys.newcomer import newcomer
from tests.journeys.test_examples import ITEM_TIMEOUT_S, errors_in, jobs_begun_by, texts_in
from tests.journeys.test_main_job import (
    CORRECT,
    PREDICTIONS,
    create_dataset,
    followed,
    trained,
)
from tests.journeys.test_recipes import run
from tests.journeys.texts import write_texts
from tests.pages import DOCS, PROGRAMS, ROOT, Document, documents
from tests.pages import blocks as blocks_of
from tests.recipes import Block, blocks

MODEL = "documented"
ASKED = "a pan of soup for the readers of the documents"
REFUSED = {"Refused": "BAD_USER_INPUT"}
"""Operations that show a refusal, and its code."""
MORE = """
query More {
  users(first: 1) { nodes { id } }
  viewer { apiKeys(first: 1) { nodes { id } } }
  models(first: 1) { nodes { versions(first: 1) { nodes { clusterMap { clusters { id } } } } } }
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader is at work, from page to page."""
    return tmp_path_factory.mktemp("docs")


@pytest.fixture
def environ(platform: Platform) -> dict[str, str]:
    return dict(os.environ) | {
        "SHOAL_URL": platform.url,
        "SHOAL_PASSWORD": platform.password,
        "PYTHONPATH": str(ROOT / "clients" / "python" / "src"),
        "NODE_PATH": str(ROOT / "client" / "node_modules"),
    }


async def test_the_programs_do_what_they_say(
    api: Api, folder: Path, environ: dict[str, str]
) -> None:
    for page in PROGRAMS:
        for block in blocks(DOCS / page):
            if block.language == "graphql":
                assert list(errors_in(await api.run(block.text))) == [], block.text
                continue
            output = await run(block, folder, environ)
            assert block.is_printed_by(output), f"{page} says\n{block.prints}\nit is\n{output}"


async def test_the_first_lines_of_the_readme(
    platform: Platform, api: Api, folder: Path, environ: dict[str, str]
) -> None:
    """They ask the demo's model; here it is that of the tutorial."""
    (folder / ".state").unlink(missing_ok=True)
    asked = [text for text in blocks_of(ROOT / "README.md", "sh") if "curl" in text]
    output = ""
    for text in asked:
        here = text.replace("localhost:8000", platform.url.removeprefix("http://"))
        here = here.replace("PASSWORD", platform.password).replace('"wordnet"', '"letters"')
        output = await run(Block("sh", here, None), folder, environ)
    assert re.search(r'"predictions":\[\{.*"label":"', output), output


async def test_the_graphql_of_the_pages_does_what_it_says(
    platform: Platform, api: Api, folder: Path
) -> None:
    await furnish(platform, api, folder)
    answers: dict[str, Any] = {}
    for document in documents():
        if document.page in PROGRAMS:
            continue
        for operation in document.operations():
            variables = await filled(api, operation, answers)
            data = await executed(api, document, operation, variables)
            codes = [error.get("code") for error in errors_in(data)]
            name = operation.name.value if operation.name else ""
            expected = [REFUSED[name]] if name in REFUSED else []
            assert codes == expected, (document.page, document.text, variables, data)
            answers |= dict(texts_in(data))
            for job_id in jobs_begun_by(data):
                await followed(api, job_id)


async def furnish(platform: Platform, api: Api, folder: Path) -> None:
    """A model of two versions of which the first answers, an answer, another user, a key."""
    version = await create_dataset(api, with_wrong_labels(folder / "texts.csv"), MODEL)
    spec = {"embedder": {"kind": "TFIDF"}}
    first = await trained(api, version["id"], MODEL, spec)
    await api.do(demo.PUBLISH_MODEL, modelId=first["model"]["id"], versionId=first["id"])
    await trained(api, version["id"], MODEL, spec | {"clusterer": {"kind": "KMEANS", "k": 4}})
    await api.run(demo.PREDICT, input={"model": MODEL, "texts": [ASKED]})
    await api.do(CORRECT, id=await logged(api), label="cooking")
    async with newcomer(platform, "reader"):
        pass
    await api.do(demo.CREATE_API_KEY, name="reader", scopes=["READ"])


async def logged(api: Api) -> str:
    """The id of the answer, which reaches the log a moment later."""
    while True:
        for node in (await api.run(PREDICTIONS))["predictions"]["nodes"]:
            if node["text"] == ASKED:
                return str(node["id"])


def with_wrong_labels(path: Path) -> Path:
    """Texts of which six have another's label, for a check to find."""
    lines = write_texts(path, rows=120).read_text().splitlines()
    for number in range(1, 60, 10):
        lines[number] = lines[number].rpartition(",")[0] + ",football"
    path.write_text("\n".join(lines) + "\n")
    return path


async def filled(
    api: Api, operation: OperationDefinitionNode, answers: dict[str, Any]
) -> dict[str, Any]:
    """A value for each variable that the operation declares."""
    names = [each.variable.name.value for each in operation.variable_definitions or ()]
    if not names:
        return {}
    more = await api.run(MORE)
    (version,) = more["models"]["nodes"][0]["versions"]["nodes"]
    ids = ids_from(await api.run(NEWEST), answers) | {
        "userId": more["users"]["nodes"][0]["id"],
        "apiKeyId": more["viewer"]["apiKeys"]["nodes"][0]["id"],
        "clusterId": version["clusterMap"]["clusters"][0]["id"],
    }
    return {name: ids[name] for name in names}


async def executed(
    api: Api, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> Any:
    """The answer; of a subscription its first item."""
    text = print_ast(operation)
    if not document.is_subscription:
        return await api.run(text, **variables)
    async with asyncio.timeout(ITEM_TIMEOUT_S), aclosing(api.follow(text, **variables)) as items:
        return await anext(items)
