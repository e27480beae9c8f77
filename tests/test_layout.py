"""What holds of the repository as a whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shoal.services import script

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("store", "schema", "server", "workers", "shoal")


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_imported_is_ours(package: str) -> None:
    """`schema` is the name of a package on PyPI as well."""
    code = f"import {package}; print({package}.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert Path(told.stdout.strip()) == ROOT / package / "__init__.py"


def test_imports_run_downhill() -> None:
    told = subprocess.run(
        [script("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout


def test_no_registry_is_named_in_what_is_pinned() -> None:
    for name in ("constraints.txt", "client/package-lock.json", "client/.npmrc"):
        text = (ROOT / name).read_text()
        assert "registry." not in text
        assert '"resolved"' not in text
