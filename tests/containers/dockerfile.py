"""A Dockerfile as far as the tests ask: its stages, and the steps of each."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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

    @classmethod
    def read(cls, path: Path) -> Dockerfile:
        """The syntax that ours are written in: no heredocs."""
        text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE)
        stages: list[Stage] = []
        for line in re.sub(r"\\\n", " ", text).splitlines():
            kind, _, rest = line.strip().partition(" ")
            if kind == "FROM":
                base, _, name = rest.partition(" AS ")
                stages.append(Stage(name, base))
            elif stages and kind:
                stages[-1].steps.append((kind, rest.strip()))
        return cls(tuple(stages))

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
