"""A Dockerfile's steps, each done as far as it can be without a container engine.

| step | what is done |
|---|---|
| FROM an image | this machine's Python with pip or Node with npm, if it is of the tag's version |
| FROM a stage | that stage's folder, hard-linked |
| ARG | the environment's variable of that name, as by --build-arg, or else its default |
| ENV, WORKDIR | as they say |
| COPY | what .dockerignore leaves; with --from what is in another stage's folder |
| RUN | by /bin/sh, with what ARG and ENV say, and with this machine's way to its registries |
| RUN groupadd, useradd, install | accounts are not made, only noted; folders are |
| RUN apt-get and its like | refused, as it would change the machine; none of ours does |
| LABEL, USER, EXPOSE, ENTRYPOINT, CMD, HEALTHCHECK | noted for who runs the image |

A stage's folder stands for its file system: absolute paths of the image lead into it, and a path
that has no place there is refused.
"""

from __future__ import annotations

import os
import re
import resource
import shlex
import shutil
import string
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.containers.bases import base
from tests.containers.context import ROOT, copied
from tests.containers.dockerfile import Dockerfile, Stage
from tests.containers.root import Root

REFUSED = {
    "apt", "apt-get", "apk", "dpkg", "adduser", "addgroup", "usermod", "systemctl", "mount",
}  # fmt: skip
OWN_WAY = re.compile(r"(?i)(PIP_|NPM_CONFIG_|NODE_EXTRA_CA|SSL_CERT|HTTPS?_PROXY|NO_PROXY|HOME$)")
"""Variables that say how this machine reaches its registries, and where their caches are."""
HAS_A_CACHE = "PIP_NO_CACHE_DIR"
"""An image has no use for what was fetched; who builds again has."""


class Failed(Exception):
    """A step that cannot be done here, or that ended badly."""


@dataclass(frozen=True)
class Done:
    """What a step took."""

    stage: str
    step: str
    seconds: float
    processor_s: float
    bytes: int


class Build:
    """Of one Dockerfile, below a folder; a stage is made when it is first asked for."""

    def __init__(self, file: Dockerfile, folder: Path, tell: Callable[[Done], None]) -> None:
        self._file = file
        self._folder = folder
        self._tell = tell
        self._stages: dict[str, Root] = {}
        self._arguments: dict[str, str] = {}
        for rest in file.arguments:
            self._arguments |= _argument(rest)

    def stage(self, name: str) -> Root:
        """Raises Failed, NotRead, Elsewhere, OtherVersion."""
        if name not in self._stages:
            said = self._file.stage(name)
            root = self._begun(said)
            for kind, rest in said.steps:
                act = self._timed if kind in ("RUN", "COPY") else self._do
                act(root, kind, rest)
            self._stages[name] = root
        return self._stages[name]

    def forget_all_but(self, *names: str) -> None:
        """What a stage still needs of another is then missing, as it would be in an image."""
        for name in set(self._stages) - set(names):
            shutil.rmtree(self._stages.pop(name).folder)

    def _begun(self, said: Stage) -> Root:
        name = said.name or "last"
        folder = self._folder / name
        if said.base in {stage.name for stage in self._file.stages}:
            return self.stage(said.base).copy(name, folder)
        image = string.Template(said.base).substitute(self._arguments)
        return Root(name, folder, base(image, self._folder / "bases" / name))

    def _timed(self, root: Root, kind: str, rest: str) -> None:
        if needed := re.match(r"--from=(\S+)", rest):
            self.stage(needed[1])
        before, began, spent = root.size(), time.monotonic(), _processor_s()
        self._do(root, kind, rest)
        took, used = time.monotonic() - began, _processor_s() - spent
        self._tell(Done(root.name, f"{kind} {rest}", took, used, root.size() - before))

    def _do(self, root: Root, kind: str, rest: str) -> None:
        match kind:
            case "ARG":
                root.arguments |= _argument(rest)
            case "ENV":
                root.set(dict(pair.split("=", 1) for pair in shlex.split(rest)))
            case "WORKDIR":
                root.enter(rest)
            case "COPY":
                self._copy(root, shlex.split(rest))
            case "RUN" if root.accounts.are_made_by(rest):
                root.accounts.do(rest, root.path)
            case "RUN":
                self._run(root, rest)
            case _:
                root.said[kind] = rest

    def _copy(self, root: Root, words: list[str]) -> None:
        *sources, to = words
        if sources[0].startswith("--from="):
            origin = self.stage(sources[0].removeprefix("--from="))
            root.take(origin, sources[1], to)
            return
        into = root.path(to)
        for source in sources:
            for path, name in copied(source):
                is_one_file = (ROOT / source).is_file() and not to.endswith("/")
                target = into if is_one_file else into / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)

    def _run(self, root: Root, rest: str) -> None:
        if refused := REFUSED & set(re.findall(r"[\w-]+", rest)):
            raise Failed(f"{', '.join(refused)} would change this machine: {rest}")
        own_way = {name: value for name, value in os.environ.items() if OWN_WAY.match(name)}
        environ = own_way | root.arguments | root.environ()
        environ.pop(HAS_A_CACHE, None)
        told = subprocess.run(
            ["/bin/sh", "-c", root.moved(rest)], cwd=root.path("."), env=environ, umask=0o022,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise Failed(f"{root.name}: RUN {rest}\n{told.stdout[-4000:]}")


def _argument(rest: str) -> dict[str, str]:
    """Of an ARG; one without a value and a default is not set."""
    name, equals, default = rest.partition("=")
    if name in os.environ:
        return {name: os.environ[name]}
    return {name: default} if equals else {}


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
