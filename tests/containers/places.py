"""An image's absolute paths, as paths of a folder that stands for its file system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

OWN = ("/opt", "/src", "/data", "/tmp", "/etc/nginx", "/usr/share/nginx")
"""What the images write to; programs of the system are this machine's own."""
ABSOLUTE = re.compile(r"(?<![\w/.}])/(?!/)[\w./@*-]*")
"""A path, but no path of a URL and none that a variable begins."""


class Elsewhere(Exception):
    """A path that the folder has no place for: a step would write to the machine itself."""


def places(folder: Path) -> dict[str, Path]:
    return {top: folder / top[1:] for top in OWN}


def moved(text: str, to: Mapping[str, Path]) -> str:
    """`text` with each path led to its place. Raises Elsewhere."""

    def place(match: re.Match[str]) -> str:
        path = match[0]
        for top, folder in to.items():
            if path == top or path.startswith(f"{top}/"):
                return f"{folder}{path[len(top) :]}"
        raise Elsewhere(path)

    return ABSOLUTE.sub(place, text)
