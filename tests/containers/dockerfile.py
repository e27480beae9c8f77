"""A Dockerfile as far as the tests ask: its stages, and the steps of each."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = {
    "FROM", "ARG", "ENV", "WORKDIR", "COPY", "RUN",
    "LABEL", "USER", "EXPOSE", "ENTRYPOINT", "CMD", "HEALTHCHECK",
}  # fmt: skip
NOT_READ = re.compile(r"--(?!from=)|.*<<")
"""Flags of COPY, RUN and FROM but for --from, and heredocs."""


class NotRead(Exception):
    """What ours are not written in, so that no test would see what it does."""


@dataclass
class Stage:
    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, kind: str) -> list[str]:
        return [rest for name, rest in self.steps if name == kind]

    def last(self, kind: str) -> Any:
        """An instruction in JSON form."""
        return json.loads(self.all(kind)[-1])


@dataclass(frozen=True)
class Dockerfile:
    stages: tuple[Stage, ...]
    arguments: tuple[str, ...] = ()
    """What ARG says before the first stage: FROM alone knows of it."""

    @classmethod
    def read(cls, path: Path) -> Dockerfile:
        return cls.parse(path.read_text())

    @classmethod
    def parse(cls, text: str) -> Dockerfile:
        """Raises NotRead."""
        stages: list[Stage] = []
        before = Stage("", "")
        for kind, rest in _instructions(text):
            if kind == "FROM":
                base, _, name = rest.partition(" AS ")
                stages.append(Stage(name, base))
            else:
                (stages or [before])[-1].steps.append((kind, rest))
        if set(before.steps) != {("ARG", rest) for rest in before.all("ARG")}:
            raise NotRead("something but ARG stands before FROM")
        return cls(tuple(stages), tuple(before.all("ARG")))

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def lineage(self) -> list[Stage]:
        """The last stage and those of this file that it stands on, from the lowest."""
        found = [self.stages[-1]]
        names = {stage.name for stage in self.stages}
        while found[0].base in names:
            found.insert(0, self.stage(found[0].base))
        return found

    @property
    def steps(self) -> Stage:
        """All that makes the image, as one stage."""
        steps = [step for stage in self.lineage() for step in stage.steps]
        return Stage("", self.lineage()[0].base, steps)

    @property
    def environment(self) -> dict[str, str]:
        pairs = [pair for rest in self.steps.all("ENV") for pair in shlex.split(rest)]
        return dict(pair.split("=", 1) for pair in pairs)


def _instructions(text: str) -> list[tuple[str, str]]:
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    found = []
    for line in filter(str.strip, re.sub(r"\\\n", " ", text).splitlines()):
        kind, _, rest = line.strip().partition(" ")
        flagged = kind in ("COPY", "RUN", "FROM") and NOT_READ.match(rest)
        if flagged or kind not in KINDS:
            raise NotRead(line)
        found.append((kind, rest.strip()))
    return found
