"""Prints the reference: `python -m schema.reference docs/reference`."""

from __future__ import annotations

import sys
from pathlib import Path

from schema.reference.pages import pages


def main(folder: Path) -> None:
    """Write every page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
