"""Changes to records that are there already: one numbered file each, applied in that order, once.

A file is called `NNNN_name.py` and has one function, `migrate(database)`. It may be cut off at any
place and is run from its beginning then, so each of its steps leaves alone what is done already.
A field that was added needs none: what is missing takes its default when a record is read.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

FILE = re.compile(r"(\d{4})_(\w+)")
Database = AsyncIOMotorDatabase[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    what: str
    """The first line of its file."""
    migrate: Callable[[Database], Awaitable[None]]

    def __str__(self) -> str:
        return f"{self.number:04} {self.name}"


def _found() -> tuple[Migration, ...]:
    names = sorted(each.name for each in pkgutil.iter_modules(__path__))
    return tuple(_read(match) for name in names if (match := FILE.fullmatch(name)))


def _read(match: re.Match[str]) -> Migration:
    module = import_module(f"{__name__}.{match[0]}")
    what = (module.__doc__ or "").partition("\n")[0]
    return Migration(int(match[1]), match[2], what, module.migrate)


MIGRATIONS = _found()
