"""GraphiQL's examples as their files are: documents, variables, and where ids come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "client" / "src" / "pages" / "graphiql"
FOLDER = PAGE / "examples"
NEWEST = (PAGE / "newest.graphql").read_text()
MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text())


@dataclass(frozen=True)
class Example:
    name: str
    document: str
    variables: Any

    def filled(self, ids: Mapping[str, Any]) -> dict[str, Any]:
        """Its variables with ids in the places that say `$jobId` and the like."""
        filled: dict[str, Any] = _filled(self.variables, ids)
        return filled


def examples() -> list[Example]:
    """In their order."""
    listed = [each for group in MANIFEST["groups"] for each in group["examples"]]
    return [
        Example(
            each["name"],
            (FOLDER / f"{each['name']}.graphql").read_text(),
            each.get("variables", {}),
        )
        for each in listed
    ]


def ids_from(newest: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The id of every name: out of what NEWEST tells, or out of fields of answers."""
    return {
        name: _found(newest, source.get("at", ""))
        or answers.get(source.get("answered", ""))
        or source["else"]
        for name, source in MANIFEST["ids"].items()
    }


def _found(data: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(data, list):
            data = data[int(step)] if int(step) < len(data) else None
        else:
            data = (data or {}).get(step)
    return data


def _filled(variables: Any, ids: Mapping[str, Any]) -> Any:
    if isinstance(variables, dict):
        return {name: _filled(value, ids) for name, value in variables.items()}
    if isinstance(variables, list):
        return [_filled(value, ids) for value in variables]
    if isinstance(variables, str) and variables.startswith("$"):
        return ids.get(variables[1:], variables)
    return variables
