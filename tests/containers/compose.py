"""docker-compose.yml as Compose reads it, and its services as processes of this machine."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.containers.context import ROOT
from tests.containers.dockerfile import Dockerfile

COMPOSE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::(-|\?)([^}]*))?\}")
OURS = ("server", "webhooks", "pipeline-worker", "inference-worker", "migrate")


def read_env(path: Path) -> dict[str, str]:
    """The variables of a file `.env`."""
    lines = (line for line in path.read_text().splitlines() if "=" in line and line[0] != "#")
    return dict(line.split("=", 1) for line in lines)


def compose(environ: Mapping[str, str]) -> dict[str, Any]:
    """The file with variables filled in. Raises KeyError for one that must be set."""

    def fill(match: re.Match[str]) -> str:
        name, rule, rest = match.groups()
        if name is None:
            return "$"
        if rule == "?" and not environ.get(name):
            raise KeyError(f"{name}: {rest}")
        return environ.get(name) or (rest or "" if rule == "-" else "")

    def filled(value: Any) -> Any:
        match value:
            case str():
                return VARIABLE.sub(fill, value)
            case dict():
                return {key: filled(each) for key, each in value.items()}
            case list():
                return [filled(each) for each in value]
        return value

    whole: dict[str, Any] = filled(yaml.safe_load(COMPOSE.read_text()))
    return whole


@dataclass(frozen=True)
class Container:
    """How a process of the image is begun here."""

    enter: list[str]
    """What stands before each command: the user, the folder."""
    entrypoint: list[str]
    environment: dict[str, str]
    """What the image sets."""


def as_developed(folder: Path) -> Container:
    """From the sources, in the developer's own environment."""
    fixed = {
        "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin",
        "PYTHONPATH": "",
        "HOME": str(folder / "tmp"),
        "SHOAL_DATA": str(folder / "data"),
    }
    said = Dockerfile.read(ROOT / "Dockerfile.server").environment
    return Container(["env", "-C", str(folder)], ["shoal"], said | fixed)


@dataclass(frozen=True)
class Here:
    """What containers reach by name, as processes of this machine."""

    folder: Path
    moved: Mapping[str, str]
    """Addresses of the network between containers, to where these are here."""

    def translated(self, text: str) -> str:
        pattern = "|".join(map(re.escape, self.moved))
        return re.sub(pattern, lambda found: self.moved[found[0]], text)

    def environment(self, container: Container, service: Mapping[str, Any]) -> dict[str, str]:
        """What the image and the file set, and nothing of ours but the way to the programs."""
        given = container.environment | (service.get("environment") or {})
        return {name: self.translated(value) for name, value in given.items() if value is not None}
