"""Every block of docs/recipes, executed against a whole platform, page after page."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from shoal.demo.documents import CREATE_API_KEY
from tests.journeys.conftest import Platform
from tests.journeys.newcomer import newcomer
from tests.journeys.texts import write_texts
from tests.recipes import FOLDER, Block, blocks, pages

ROOT = FOLDER.parent.parent
TIMEOUT_S = 60
KEEPING = (
    "set -euo pipefail\n[ ! -f .state ] || . ./.state\nset -a\n"
    "trap '{ export -p; declare -f; } > .state' EXIT\n"
)
"""Blocks of a page share the variables and functions of one shell."""


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader is at work, from page to page."""
    made = tmp_path_factory.mktemp("reader")
    write_texts(made / "texts.csv", rows=100)
    return made


@pytest.fixture(scope="package")
async def environ(platform: Platform) -> dict[str, str]:
    """Of a partner who has nothing yet."""
    async with newcomer(platform, "partner") as api:
        made = await api.do(CREATE_API_KEY, name="recipes", scopes=["READ", "PREDICT", "WRITE"])
    return dict(os.environ) | {
        "SHOAL_URL": platform.url,
        "SHOAL_API_KEY": made["key"],
        "PYTHONPATH": str(ROOT / "clients" / "python" / "src"),
        "NODE_PATH": str(ROOT / "client" / "node_modules"),
    }


@pytest.mark.parametrize("page", pages())
async def test_the_page_does_what_it_says(page: str, folder: Path, environ: dict[str, str]) -> None:
    (folder / ".state").unlink(missing_ok=True)
    for block in blocks(FOLDER / page):
        output = await run(block, folder, environ)
        assert block.is_printed_by(output), f"{page} says\n{block.prints}\nand it is\n{output}"


async def run(block: Block, folder: Path, environ: Mapping[str, str]) -> str:
    """What the block prints; it has to end well."""
    command, text = _command(block)
    (folder / "block").write_text(text)
    process = await asyncio.create_subprocess_exec(
        *command, "block", cwd=folder, env=_with_state(folder, environ),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(TIMEOUT_S):
        out, errors = await process.communicate()
    assert process.returncode == 0, f"{block.text}\n{out.decode()}{errors.decode()}"
    return out.decode()


def _command(block: Block) -> tuple[list[str], str]:
    match block.language:
        case "python":
            return [sys.executable], block.text
        case "js":
            return [str(Path(sys.executable).with_name("node"))], block.text
    return ["bash"], KEEPING + block.text


def _with_state(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that shell blocks have set are there for programs, as after `export`."""
    state = folder / ".state"
    kept = dict(environ)
    for line in state.read_text().splitlines() if state.exists() else ():
        name, _, value = line.removeprefix("declare -x ").partition("=")
        if name.isidentifier() and name not in kept:
            kept[name] = value.strip('"')
    return kept


def test_every_page_is_listed_and_has_programs() -> None:
    assert set(pages()) == {path.name for path in FOLDER.glob("*.md")} - {"README.md"}
    for page in pages():
        assert list(blocks(FOLDER / page)), page
