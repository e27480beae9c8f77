"""The last stage of Dockerfile.client as a process: its nginx, its templates, its files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Self

import pytest

from shoal.ports import free_port, is_open
from shoal.process import Process, start
from tests.containers.context import ROOT
from tests.containers.dockerfile import Dockerfile

FILE = Dockerfile.read(ROOT / "Dockerfile.client")
NEEDED = "nginx is missing: apt-get install nginx, or have SHOAL_NO_NGINX=1 leave these tests out"


def fill(folder: Path, templates: Path, environ: dict[str, str]) -> None:
    """As the image's entry point does: only variables that the filter lets through."""
    wanted = re.compile(FILE.environment["NGINX_ENVSUBST_FILTER"])
    for template in templates.glob("*.template"):
        text = template.read_text()
        for name in filter(wanted.search, environ):
            text = text.replace(f"${{{name}}}", environ[name])
        assert "${" not in text, f"{template.name} asks for what the image does not set"
        (folder / template.stem).write_text(text)


class Nginx:
    """Runs while entered; `environ` is what the container is given."""

    def __init__(
        self,
        folder: Path,
        environ: dict[str, str],
        templates: Path = ROOT / "deploy" / "nginx",
        files: Path = ROOT / "client" / "dist",
    ) -> None:
        self._folder = folder
        self._environ = environ
        self._templates = templates
        self._files = files
        self._process: Process | None = None
        self.url = ""

    def __enter__(self) -> Self:
        if not (program := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")):
            if os.environ.get("SHOAL_NO_NGINX"):
                pytest.skip(NEEDED)
            pytest.fail(NEEDED)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        fill(self._folder, self._templates, FILE.environment | {
            "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
            **self._environ,
            "SHOAL_CLIENT_PORT": str(port),
            "SHOAL_CLIENT_ROOT": str(self._files),
        })  # fmt: skip
        said = [word.replace("/tmp", str(self._folder)) for word in FILE.steps.last("CMD")]
        command = [program, *said[1:]]
        if os.getuid() == 0:  # else its workers were another user, who may not read our folder
            command[-1] += " user root;"
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self._process = start("nginx", command, self._folder / "nginx.log")
        self._process.wait_until(lambda: is_open(port))
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.stop()

    @property
    def log(self) -> str:
        return (self._folder / "nginx.log").read_text()
