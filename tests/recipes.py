"""Pages of docs/ as programs: their blocks, and what those are to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "recipes"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LINKED = re.compile(r"\]\(([\w-]+\.md)\)")
PROGRAMS = frozenset({"python", "sh", "js", "graphql"})
EXPECTED = "text"
GAP = "…"


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    prints: str | None
    """None where the page does not say."""

    def is_printed_by(self, output: str) -> bool:
        """Whether the output is what the page says; a gap stands for any text."""
        if self.prints is None:
            return True
        parts = (re.escape(part) for part in self.prints.strip().split(GAP))
        return re.fullmatch(".*?".join(parts), output.strip(), re.S) is not None


def pages() -> list[str]:
    """Their names, in the order of the list."""
    return list(dict.fromkeys(LINKED.findall((FOLDER / "README.md").read_text())))


def blocks(page: Path) -> Iterator[Block]:
    found = FENCED.findall(page.read_text())
    for number, (language, text) in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else ("", "")
        if language in PROGRAMS:
            yield Block(language, text, after[1] if after[0] == EXPECTED else None)
