"""What stands for the images that ours are built on: this machine's programs, by the same names.

Of `python:3.11` there is `python` and its `pip`, of `node:24` `node` and `npm`, and of either the
system's own commands. A program of another version than the tag says is refused.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from shoal.services import script

SYSTEM = "/usr/bin:/bin"
PROGRAMS = {
    "python": {
        "python": [str(Path(sys.base_prefix) / "bin" / "python3")],
        "pip": [sys.executable, "-m", "pip"],
    },
    "node": {"node": [script("node")], "npm": [script("npm")]},
}


class OtherVersion(Exception):
    """This machine has another one than the image."""


def base(image: str, folder: Path) -> str:
    """PATH in a container of that image; `folder` is made for its programs.

    Raises OtherVersion.
    """
    name, _, tag = image.rpartition("/")[2].partition(":")
    if name not in PROGRAMS:
        return SYSTEM
    folder.mkdir(parents=True, exist_ok=True)
    for program, command in PROGRAMS[name].items():
        path = folder / program
        path.write_text(f'#!/bin/sh\nexec {" ".join(command)} "$@"\n')
        path.chmod(0o755)
    _same_version(name, tag, [str(folder / name), "--version"])
    return f"{folder}:{SYSTEM}"


def _same_version(name: str, tag: str, command: list[str]) -> None:
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wanted, found = (re.findall(r"\d+", text) for text in (tag.partition("-")[0], told))
    if not wanted or found[: len(wanted)] != wanted:
        raise OtherVersion(f"the image is {name}:{tag}, this machine has {told.strip()}")
