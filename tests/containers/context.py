"""What `docker build` sends of this repository: all that .dockerignore leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pathspec

ROOT = Path(__file__).resolve().parent.parent.parent


def rooted(lines: list[str]) -> list[str]:
    """As Docker reads them, in git's words.

    `store` is the one at the top, where git would mean any, and `*` is also all that lies below.
    """
    said = [line for line in lines if line and line[0] != "#"]
    at_top = [f"!/{line[1:]}" if line[0] == "!" else f"/{line}" for line in said]
    return [each for line in at_top for each in (line, f"{line}/**")]


LINES = rooted((ROOT / ".dockerignore").read_text().splitlines())
SPEC = pathspec.PathSpec.from_lines("gitignore", LINES)


def is_sent(path: str) -> bool:
    """Whether what the build may copy has this file or folder."""
    return not SPEC.match_file(path)


def files(top: Path) -> Iterator[Path]:
    """Those that are sent, of a folder or a file."""
    name = top.relative_to(ROOT).as_posix()
    if not is_sent(name) and not any(line.startswith(f"!/{name}/") for line in LINES):
        return  # nor is anything below it: no need to look at 40,000 files of node_modules
    if top.is_dir():
        for each in sorted(top.iterdir()):
            yield from files(each)
    elif is_sent(name):
        yield top


def copied(pattern: str) -> Iterator[tuple[Path, str]]:
    """What COPY takes, each with its name below the target.

    Raises FileNotFoundError for nothing.
    """
    tops = sorted(ROOT.glob(pattern))
    found = [
        (path, path.relative_to(top).as_posix() if top.is_dir() else path.name)
        for top in tops
        for path in files(top)
    ]
    if not found:
        raise FileNotFoundError(f"{pattern} is not there, or .dockerignore keeps it back")
    yield from found
