"""A folder that stands for the file system of one stage, and what the image says beside it."""

from __future__ import annotations

import os
import shutil
import string
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.containers.accounts import Accounts
from tests.containers.places import moved, places


@dataclass
class Root:
    name: str
    folder: Path
    base_path: str
    """PATH of the image below, by this machine's own folders."""
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": "$PATH"})
    """What ENV says, with the image's paths."""
    arguments: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    accounts: Accounts = field(default_factory=Accounts)
    said: dict[str, str] = field(default_factory=dict)
    """The last USER, ENTRYPOINT, CMD, HEALTHCHECK."""

    def __post_init__(self) -> None:
        for place in (self.folder, self.folder / "tmp"):
            place.mkdir(parents=True, exist_ok=True)

    @property
    def places(self) -> dict[str, Path]:
        return places(self.folder)

    def moved(self, text: str) -> str:
        return moved(text, self.places)

    def path(self, name: str) -> Path:
        """A path as steps name it, which may begin at WORKDIR."""
        whole = str(PurePosixPath(self.workdir) / name)
        return self.folder if whole == "/" else Path(self.moved(whole))

    def enter(self, name: str) -> None:
        self.workdir = str(PurePosixPath(self.workdir) / name)
        self.path(".").mkdir(parents=True, exist_ok=True)

    def set(self, pairs: Mapping[str, str]) -> None:
        known = self.arguments | self.environment
        self.environment |= {
            name: string.Template(value).safe_substitute(known) for name, value in pairs.items()
        }

    def environ(self, to: Mapping[str, Path] | None = None) -> dict[str, str]:
        """Of a process in it; `to` says where its paths are, if elsewhere than in this folder."""
        to = to or self.places
        found = {name: moved(value, to) for name, value in self.environment.items()}
        return found | {
            "PATH": found["PATH"].replace("$PATH", self.base_path), "TMPDIR": str(to["/tmp"]),
        }  # fmt: skip

    def copy(self, name: str, folder: Path) -> Root:
        """A stage that stands on this one."""
        root = Root(name, folder, self.base_path)
        for each in ("arguments", "environment", "workdir", "accounts", "said"):
            setattr(root, each, deepcopy(getattr(self, each)))
        root._link(self, self.folder, folder)
        return root

    def take(self, origin: Root, source: str, to: str) -> None:
        """What COPY --from does with a folder."""
        self._link(origin, origin.path(source), self.path(to))

    def _link(self, origin: Root, source: Path, target: Path) -> None:
        shutil.copytree(source, target, symlinks=True, copy_function=_link, dirs_exist_ok=True)
        for script in self.folder.glob("opt/*/bin/*"):
            _lead_back(script, f"#!{origin.folder}/", f"#!{self.folder}/")

    def size(self) -> int:
        """Bytes on disk, of each file once, as `du` tells them; without what lies in /tmp."""
        tops = [top for top in self.folder.iterdir() if top.name != "tmp"]
        found = (path.lstat() for top in tops for path in below(top))
        return sum({each.st_ino: each.st_blocks * 512 for each in found}.values())


def below(top: Path) -> Iterator[Path]:
    """All that lies in a folder, and it."""
    yield top
    for path, folders, files in os.walk(top):
        yield from map(Path(path).joinpath, [*folders, *files])


def _link(source: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)
    os.link(source, target)


def _lead_back(script: Path, before: str, after: str) -> None:
    """A script names its interpreter by a path that is the same in every stage of an image."""
    if (
        script.is_symlink()
        or script.is_dir()
        or not script.read_bytes().startswith(before.encode())
    ):
        return
    text = script.read_text().replace(before, after, 1)
    mode = script.stat().st_mode
    script.unlink()  # its other name lies in the other stage
    script.write_text(text)
    script.chmod(mode)
