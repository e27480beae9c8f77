"""The driver's errors by our own names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import DuplicateKeyError, PyMongoError

from store.errors import AlreadyExists, Unavailable


@contextmanager
def mongo_errors() -> Iterator[None]:
    """A duplicate becomes AlreadyExists, every other failure of MongoDB Unavailable."""
    try:
        yield
    except DuplicateKeyError as error:
        raise AlreadyExists(f"{_taken(error)} is taken") from error
    except PyMongoError as error:
        raise Unavailable("mongodb", str(error)) from error


def _taken(error: DuplicateKeyError) -> str:
    """The names of the fields whose value exists already; never the values."""
    names = (error.details or {}).get("keyPattern") or {"id": 1}
    return " and ".join(name.lstrip("_") for name in names)
