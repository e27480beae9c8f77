"""What every command has: the terminal, and the data folder that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from shoal.folder import Folder

console = Console(highlight=False)


def data_folder() -> Folder:
    """`SHOAL_DATA`, else `.shoal` here."""
    return Folder(Path(os.environ.get("SHOAL_DATA", ".shoal")).resolve())


def say(line: str) -> None:
    """A line beside what the command is about."""
    console.print(f"[dim]{escape(line)}", soft_wrap=True)
