from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shoal.services import script
from tests.containers.context import ROOT, copied, is_sent
from tests.containers.dockerfile import Dockerfile

FILES = ("Dockerfile.server", "Dockerfile.client")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ANSWERING = (
    "workers.inference_worker",
    "workers.pipeline.serving",
    "workers.pipeline.embedders.encoders",
)
OPTIONAL = {"cloudpickle", "greenlet", "setuptools"}
"""What others import where it happens to be, as in an environment for tests."""
COMPARED_ONLY = ROOT / "schema" / "released.graphql"
OURS = {"store", "schema", "server", "workers", "shoal"}


@pytest.mark.parametrize("name", FILES)
def test_hadolint_finds_nothing(name: str) -> None:
    told = subprocess.run(
        [script("hadolint"), "--failure-threshold", "warning", str(ROOT / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("name", FILES)
def test_all_that_is_copied_is_there_and_sent(name: str) -> None:
    stages = Dockerfile.read(ROOT / name).stages
    steps = [shlex.split(rest) for stage in stages for rest in stage.all("COPY")]
    sources = [each for words in steps if words[0][:2] != "--" for each in words[:-1]]
    assert sources
    for source in sources:
        assert list(copied(source))
    earlier = {stage.name for stage in stages[:-1]}
    assert {words[0].removeprefix("--from=") for words in steps if words[0][:2] == "--"} <= earlier


def test_nothing_else_is_sent() -> None:
    for path in (
        ".env", ".git/config", ".shoal/secret_key", "client/node_modules/react/index.js",
        "client/dist/index.html", "store/__pycache__/ids.cpython-311.pyc", "tests/conftest.py",
        "deploy/mongo/users.js", "tests/store/test_trash.py",
    ):  # fmt: skip
        assert not is_sent(path), path


def test_the_client_is_built_from_all_its_sources() -> None:
    for path in (ROOT / "client").glob("*.*"):
        assert is_sent(path.relative_to(ROOT).as_posix())
    assert is_sent("client/src/main.tsx")
    assert is_sent("client/public/favicon.svg")


@pytest.mark.parametrize("name", FILES)
def test_the_image_runs_as_nobody_with_rights(name: str) -> None:
    image = Dockerfile.read(ROOT / name).steps
    user = image.all("USER")[-1]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "Kubernetes knows numbers alone"
    kinds = [kind for kind, _ in image.steps]
    assert "RUN" not in kinds[kinds.index("USER") :]
    assert image.all("HEALTHCHECK")
    assert not any("SECRET" in rest or "PASSWORD" in rest for kind, rest in image.steps)
    titles = {label.split("=")[0] for label in shlex.split(image.all("LABEL")[0])}
    assert {f"org.opencontainers.image.{each}" for each in (
        "title", "description", "licenses", "version", "revision")} == titles  # fmt: skip


def test_nothing_that_builds_is_in_the_last_stage() -> None:
    for name in FILES:
        for stage in Dockerfile.read(ROOT / name).lineage():
            assert not re.search(r"\b(pip|npm|apt-get|curl)\b", " ".join(stage.all("RUN")))


def test_torch_is_the_one_that_the_packages_want() -> None:
    wanted = next(
        each for each in PYPROJECT["project"]["optional-dependencies"]["pipeline"]
        if each.startswith("torch")
    )  # fmt: skip
    steps = Dockerfile.read(ROOT / "Dockerfile.server").stage("packages").all("RUN")
    assert steps[0].endswith(f" {wanted}")
    assert "-c constraints.txt" in steps[1]


@pytest.mark.parametrize(
    ("stage", "packages", "without"),
    [
        ("serve-packages", ("server", "schema", "store", "shoal"), ()),
        ("serve-packages", ANSWERING, ("torch", "scikit-learn")),
        ("packages", tuple(OURS), ("pytest", "playwright")),
    ],
)
def test_the_extras_bring_all_that_is_imported(
    stage: str, packages: tuple[str, ...], without: tuple[str, ...]
) -> None:
    """Of what each module imports, every distribution is among those the image installs."""
    [extras] = {
        match[1]
        for rest in Dockerfile.read(ROOT / "Dockerfile.server").stage(stage).all("RUN")
        if (match := re.search(r"'\.\[(.*)\]'", rest))
    }
    installed = brought(set(extras.split(",")))
    assert not installed & {canonicalize_name(each) for each in without}
    wanted = loaded(packages) if packages is ANSWERING else imported(packages)
    assert "strawberry-graphql" in wanted or "onnxruntime" in wanted
    assert wanted - OPTIONAL <= installed, wanted - OPTIONAL - installed


def brought(extras: set[str]) -> set[str]:
    """Distributions that `pip install '.[extras]'` has in the end."""
    waiting = {("shoal", extra) for extra in (*extras, "")}
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        seen.add((name, extra))
        for text in declared() if name == "shoal" else requires(name) or ():
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                key = canonicalize_name(need.name)
                waiting |= {(key, each) for each in (*need.extras, "")} - seen
    return {name for name, _ in seen}


def declared() -> list[str]:
    """What pyproject.toml says, which an installation may not have heard of yet."""
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"].items()
    return project["dependencies"] + [
        f"{text}; extra == '{extra}'" for extra, texts in extras for text in texts
    ]


def imported(packages: tuple[str, ...]) -> set[str]:
    """Distributions that the sources name."""
    names: set[str] = set()
    for path in (path for package in packages for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return distributions(names)


def loaded(modules: tuple[str, ...]) -> set[str]:
    """Distributions that a process has in memory once it imported them."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    told = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT)
    return distributions({name.split(".")[0] for name in told.split()})


def distributions(names: set[str]) -> set[str]:
    foreign = names - sys.stdlib_module_names - OURS
    known = installed_packages()
    return {canonicalize_name(known[name][0]) for name in foreign if name in known}


@cache
def installed_packages() -> Mapping[str, list[str]]:
    """What distribution each package here is from; to ask takes seconds."""
    return packages_distributions()


def test_what_lies_beside_the_sources_is_installed() -> None:
    """Files that are no modules are only in a wheel if pyproject.toml names them."""
    named = PYPROJECT["tool"]["setuptools"]["package-data"]
    globs = [f"{package}/{pattern}" for package, patterns in named.items() for pattern in patterns]
    covered = {path for pattern in globs for path in ROOT.glob(pattern)}
    beside = {
        path
        for package in OURS
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != "README.md"
    }
    beside.discard(COMPARED_ONLY)
    assert beside <= covered, {Path(path).relative_to(ROOT) for path in beside - covered}
