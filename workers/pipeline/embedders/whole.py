"""How a folder says that all of an engine is in it; standard library only."""

from __future__ import annotations

from pathlib import Path

CONFIG = "config.json"
"""Written last: a folder that has it is whole."""


def is_whole(engine: Path) -> bool:
    """Whether the folder holds everything that an encoder loads."""
    return (engine / CONFIG).is_file()
