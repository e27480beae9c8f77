"""Databases that tests take turns with: to make all indexes takes longer than most tests do."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.database import Database

from store.mongo.migrations import MIGRATIONS
from store.mongo.platform import DATA, NAME

RESTING = 4
"""Others have their turn first, so that what a test left running comes to its end before."""


class Databases:
    """Those of one MongoDB. Whoever spoils indexes takes a database of its own instead."""

    def __init__(self, client: MongoClient[dict[str, Any]]) -> None:
        self._client = client
        self._given_back: deque[str] = deque()

    @contextmanager
    def one(self) -> Iterator[str]:
        """The name of a database without records."""
        name = self._used() or fresh_name()
        yield name
        self._given_back.append(name)

    def _used(self) -> str | None:
        while len(self._given_back) > RESTING:
            database = self._client[self._given_back.popleft()]
            if is_ready(database):
                empty(database)
                return database.name
        return None


def fresh_name() -> str:
    return f"t{uuid4().hex[:12]}"


def is_ready(database: Database[dict[str, Any]]) -> bool:
    """Whether a store was opened on it, and its notes of migrations are as that left them."""
    found = database[NAME].find_one({"_id": DATA})
    if found is None or found.get("restoring"):
        return False
    return [each["number"] for each in found["applied"]] == [each.number for each in MIGRATIONS]


def empty(database: Database[dict[str, Any]]) -> None:
    """Delete all records; that of the migrations stays."""
    for name in _with_records(database):
        database[name].delete_many({"_id": {"$ne": DATA}} if name == NAME else {})


def _with_records(database: Database[dict[str, Any]]) -> list[str]:
    """Found by one question to all collections, for most of them are empty."""
    names = database.list_collection_names()
    first = {name: [{"$limit": 1}, {"$project": {"name": {"$literal": name}}}] for name in names}
    others = [{"$unionWith": {"coll": name, "pipeline": first[name]}} for name in names[1:]]
    return [each["name"] for each in database[names[0]].aggregate([*first[names[0]], *others])]
