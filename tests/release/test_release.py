"""The version stands once, the changelog keeps its form, CI calls what is there."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from store.version import VERSION
from tests.release.versions import GROUPS, ROOT, current, others, sections

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w-]+/[\w/-]+@v\d+(\.\d+){0,2}")
MAKE = re.compile(r"\bmake ((?:[a-z-]+ ?)+)")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()


def test_the_version_stands_once() -> None:
    assert version("shoal") == VERSION
    assert set(others().values()) == {current()}


def test_the_changelog_has_groups_that_readers_know() -> None:
    found = sections(CHANGELOG)
    assert next(iter(found)) == "Unreleased"
    assert all(date for name, (date, _) in found.items() if name != "Unreleased")
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.M)) <= GROUPS


def test_sections_are_told_apart() -> None:
    text = "# Changelog\n\n## [Unreleased]\n\n- a\n\n## [1.2.0] - 2026-12-01\n\n### Added\n\n- b\n"
    assert sections(text) == {
        "Unreleased": (None, "- a"),
        "1.2.0": ("2026-12-01", "### Added\n\n- b"),
    }


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_ci_calls_targets_that_are_there(workflow: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    runs = " \n".join(step.get("run", "") for step in steps(workflow))
    called = {target for line in MAKE.findall(runs) for target in line.split()}
    assert called
    assert called <= targets


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_what_ci_uses_has_a_version_and_few_rights(workflow: Path) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert all(PINNED.fullmatch(each) for each in used)
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}


def test_there_are_two_workflows() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "release"]
