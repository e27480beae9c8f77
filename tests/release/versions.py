"""Which version this is, and what the changelog tells of it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADING = re.compile(r"^## \[?([\w.]+)\]?(?: - (\d{4}-\d{2}-\d{2}))?$", re.M)
GROUPS = frozenset({"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"})
"""Of https://keepachangelog.com."""


def current() -> str:
    """What pyproject.toml says; everything else has it from there."""
    return _project(ROOT / "pyproject.toml")


def others() -> dict[str, str]:
    """What is built apart and carries the same."""
    client = json.loads((ROOT / "client" / "package.json").read_text())
    return {
        "clients/python/pyproject.toml": _project(ROOT / "clients" / "python" / "pyproject.toml"),
        "client/package.json": client["version"],
    }


def _project(file: Path) -> str:
    version: str = tomllib.loads(file.read_text())["project"]["version"]
    return version


def sections(changelog: str) -> dict[str, tuple[str | None, str]]:
    """Date and text of each version in the changelog, newest first."""
    found = list(HEADING.finditer(changelog))
    ends = [each.start() for each in found[1:]] + [len(changelog)]
    return {
        each[1]: (each[2], changelog[each.end() : end].strip())
        for each, end in zip(found, ends, strict=True)
    }
