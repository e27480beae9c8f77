"""RUN steps that make accounts: read, and done as far as a folder can have accounts.

No account is made on this machine. Who the image runs as is known by number, and a folder that is
made for an account is made, and given to that number where whoever runs this may.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = frozenset({"groupadd", "useradd", "install"})


@dataclass
class Accounts:
    groups: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def are_made_by(step: str) -> bool:
        return shlex.split(step)[0] in PROGRAMS

    def do(self, step: str, place: Callable[[str], Path]) -> None:
        """`place` says where a folder lies. Raises ValueError for what ours do not say."""
        for command in step.split("&&"):
            self._do(place, *shlex.split(command))

    def _do(self, place: Callable[[str], Path], program: str, *words: str) -> None:
        options = dict(word.split("=", 1) for word in words if "=" in word)
        match program, [word for word in words if "=" not in word]:
            case "groupadd", ["--gid", number, name]:
                self.groups[name] = int(number)
            case "useradd", ["--uid", number, "--gid", group, *_, name] if group in self.groups:
                self.users[name] = int(number)
            case "install", ["--directory", path] if set(options) == {"--owner", "--group"}:
                self._make(place(path), options["--owner"], options["--group"])
            case _:
                raise ValueError(f"{program} {shlex.join(words)}")

    def _make(self, folder: Path, owner: str, group: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        give(folder, self.users[owner], self.groups[group])


def give(folder: Path, uid: int, gid: int) -> None:
    """To whom a process will run as; who has no right to is that process's user already."""
    if os.getuid() == 0:
        os.chown(folder, uid, gid)


def entering(uid: int, gid: int) -> list[str]:
    """How a command is begun as such a user, with no right but one: to look into every folder.

    That one because this machine's Python may lie where only its owner looks. Nothing more can be
    written by it. Without root everything runs as whoever runs this.
    """
    if os.getuid() != 0:
        return []
    rights = "-all,+dac_read_search"
    return [
        "setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs",
        f"--inh-caps={rights}", f"--ambient-caps={rights}", f"--bounding-set={rights}",
    ]  # fmt: skip
