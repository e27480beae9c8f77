"""The Python client as a package: up to date with the schema, whole when installed."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "clients" / "python"
GENERATED = Path("src/shoal_client/graph")
GENERATOR = Path(sys.executable).parent.parent / "codegen/bin/ariadne-codegen"
SCHEMA = ROOT / "schema" / "schema.graphql"
DOCUMENTS = sorted((PACKAGE / "operations").glob("*.graphql"))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package elsewhere, where building leaves nothing behind."""
    ignored = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    return shutil.copytree(PACKAGE, tmp_path / "python", ignore=ignored)


def test_what_the_client_sends_is_valid() -> None:
    whole = "\n".join(path.read_text() for path in DOCUMENTS)
    assert validate(build_schema(SCHEMA.read_text()), parse(whole)) == []


def test_the_generated_code_is_that_of_the_schema(copied: Path) -> None:
    """If it is not, `make client-python` makes it so."""
    assert GENERATOR.exists(), "`make client-python` installs the generator"
    config = (
        (copied / "codegen.toml").read_text().replace("../../schema/schema.graphql", str(SCHEMA))
    )
    (copied / "codegen.toml").write_text(config)
    shutil.rmtree(copied / GENERATED)
    subprocess.run(
        [GENERATOR, "--config", "codegen.toml"],
        cwd=copied, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    names = {path.name for path in (copied / GENERATED).iterdir()}
    assert names == {path.name for path in (PACKAGE / GENERATED).glob("*.py")}
    _, stale, missing = filecmp.cmpfiles(copied / GENERATED, PACKAGE / GENERATED, names, False)
    assert (stale, missing) == ([], [])


def test_the_wheel_has_the_types_and_works_alone(copied: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    flags = ["--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path]
    subprocess.run([*pip, *flags, copied], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("shoal_client-*.whl")
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
        content.extractall(tmp_path / "installed")
    assert {"shoal_client/py.typed", "shoal_client/graph/client.py"} <= set(names)
    assert not [name for name in names if not name.startswith("shoal_client")]
    program = "import shoal_client, sys; print(shoal_client.__file__, 'store' in sys.modules)"
    alone = [sys.executable, "-P", "-c", program]
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    told = subprocess.run(
        alone, cwd=tmp_path, env=environ, check=True, capture_output=True, text=True
    ).stdout.split()
    assert told == [str(tmp_path / "installed/shoal_client/__init__.py"), "False"]
