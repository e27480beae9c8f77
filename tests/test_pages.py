"""The documents: links, navigation, names of files, commands, and GraphQL that is valid."""

from __future__ import annotations

import re

import pytest
from graphql import build_schema, validate
from graphql.language import parse

from schema.pricing.tariff import DEFINITION
from schema.reference.pages import AREAS, area_of
from schema.root import schema
from shoal.cli import app
from tests.pages import (
    DOCS,
    FRONT,
    ROOT,
    Document,
    anchors,
    blocks,
    documents,
    files_named,
    in_navigation,
    links,
    pages,
    spans,
)

SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text())
DECISIONS = DOCS / "decisions"
NUMBERED = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
COMMAND = re.compile(r"^(?:\$ )?(make|shoal) ([a-z][a-z-]*)", re.M)
COMMANDS = {
    "make": set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)),
    "shoal": {str(each.name) for each in app.registered_groups}
    | {
        str(each.name or getattr(each.callback, "__name__", "")) for each in app.registered_commands
    },
}
NAMES = [str(page.relative_to(ROOT)) for page in [*FRONT, *pages()]]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in links(page):
        to, _, section = link.partition("#")
        target = (page.parent / to).resolve() if to else page
        assert target.exists(), link
        if section:
            assert section in anchors(target), link


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("docs/")])
def test_the_site_links_to_nothing_outside_of_it(name: str) -> None:
    for link in links(ROOT / name):
        target = ((ROOT / name).parent / link.partition("#")[0]).resolve()
        assert target.is_relative_to(DOCS), f"{link}: name files of the repository as code"


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_named_are_there(name: str) -> None:
    assert [path for path in files_named(ROOT / name) if not (ROOT / path).exists()] == []


def test_every_page_is_in_the_navigation_once() -> None:
    listed = in_navigation()
    assert len(listed) == len(set(listed))
    apart = {page.relative_to(DOCS).as_posix() for page in DECISIONS.glob("0*.md")}
    assert set(listed) == {page.relative_to(DOCS).as_posix() for page in pages()} - apart


def test_every_decision_has_a_number_and_a_line() -> None:
    found = sorted(path.name for path in DECISIONS.glob("*.md") if path.name != "README.md")
    assert all(NUMBERED.fullmatch(name) for name in found)
    numbers = [name[:4] for name in found]
    assert len(numbers) == len(set(numbers))
    told = re.findall(
        r"^\| \[(\d+)\]\((\S+\.md)\) \| (.+) \|$", (DECISIONS / "README.md").read_text(), re.M
    )
    assert [name for _, name, _ in told] == found
    for number, name, title in told:
        first = (DECISIONS / name).read_text().splitlines()[0]
        assert first == f"# {number}. {title}"


@pytest.mark.parametrize("document", documents(), ids=lambda each: each.page)
def test_the_graphql_of_the_pages_is_valid(document: Document) -> None:
    assert validate(SCHEMA, parse(document.text)) == []


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_there(name: str) -> None:
    page = ROOT / name
    told = [*spans(page), *blocks(page, "sh"), *blocks(page, "console")]
    for program, command in COMMAND.findall("\n".join(told)):
        assert command in COMMANDS[program], f"{program} {command}"


def test_every_operation_has_its_page() -> None:
    for root in ("Query", "Mutation", "Subscription"):
        for name, field in schema.graphql.type_map[root].fields.items():
            assert area_of(field.extensions[DEFINITION].origin.__module__) in AREAS, name
