"""What holds of the repository as a whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("store", "schema", "server", "workers", "shoal")


def test_the_packages_imported_are_ours() -> None:
    """`schema` is the name of a package on PyPI as well."""
    names = ", ".join(PACKAGES)
    code = f"import {names}\nfor each in ({names}): print(each.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = [Path(line) for line in told.stdout.splitlines()]
    assert found == [ROOT / package / "__init__.py" for package in PACKAGES]


def test_no_registry_is_named_in_what_is_pinned() -> None:
    for name in ("constraints.txt", "client/package-lock.json", "client/.npmrc"):
        text = (ROOT / name).read_text()
        assert "registry." not in text
        assert '"resolved"' not in text
