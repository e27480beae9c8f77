"""The pages of docs/ and those beside README.md: their links, their GraphQL, what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from graphql import OperationDefinitionNode, OperationType, get_operation_ast, parse

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SITE = ROOT / "mkdocs.yml"
FRONT = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
                 "clients/python/README.md")
]  # fmt: skip
"""Pages that a forge shows, and the site does not."""

PROGRAMS = ("tutorial.md", "clients.md")
"""Pages that are run from top to bottom, beside the recipes."""

FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^ *```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)
CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = "store|schema|server|workers|shoal|client|clients|tests|bench|docs|deploy|docker"
PATH = re.compile(rf"(?:{FOLDERS})/[\w./-]*[\w/]")


@dataclass(frozen=True)
class Document:
    """A block of GraphQL, and where it stands."""

    page: str
    text: str

    def operations(self) -> Iterator[OperationDefinitionNode]:
        for node in parse(self.text).definitions:
            assert isinstance(node, OperationDefinitionNode), "no fragments: a block is run alone"
            yield node

    @property
    def is_subscription(self) -> bool:
        operation = get_operation_ast(parse(self.text))
        return operation is not None and operation.operation is OperationType.SUBSCRIPTION


def pages() -> list[Path]:
    """Every page of the site."""
    return sorted(DOCS.rglob("*.md"))


def in_navigation() -> list[str]:
    """What mkdocs.yml lists, from top to bottom."""
    return list(_leaves(yaml.safe_load(SITE.read_text())["nav"]))


def _leaves(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    else:
        for each in nav.values() if isinstance(nav, dict) else nav:
            yield from _leaves(each)


def blocks(page: Path, language: str) -> list[str]:
    return [text for _, found, text in FENCE.findall(page.read_text()) if found == language]


def prose(page: Path) -> str:
    """The page without its blocks."""
    return FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Where it leads within the repository."""
    return [to for to in LINK.findall(prose(page)) if not re.match(r"\w+:", to)]


def anchors(page: Path) -> set[str]:
    """Of its headings, as the site and forges make them."""
    return {anchor(heading) for heading in HEADING.findall(prose(page))}


def anchor(heading: str) -> str:
    """Letters, digits and hyphens are kept."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return re.sub(r"[ -]+", "-", kept).strip("-")


def spans(page: Path) -> list[str]:
    """Its code within lines."""
    return CODE.findall(prose(page))


def files_named(page: Path) -> set[str]:
    """Files and folders of the repository that stand in its code spans."""
    return {span.rstrip("/") for span in spans(page) if PATH.fullmatch(span)}


def documents() -> list[Document]:
    """Every block of GraphQL, in the order of the navigation."""
    listed = [name for name in in_navigation() if not name.startswith("reference/")]
    return [Document(name, text) for name in listed for text in blocks(DOCS / name, "graphql")]
