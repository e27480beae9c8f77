"""The driver's errors by our own names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import DuplicateKeyError, InvalidURI, PyMongoError

from store.errors import AlreadyExists, BadSettings, Unavailable


@contextmanager
def mongo_errors() -> Iterator[None]:
    """A duplicate becomes AlreadyExists, a URI that is none BadSettings, all else Unavailable."""
    try:
        yield
    except DuplicateKeyError as error:
        raise AlreadyExists(f"{_taken(error)} is taken") from error
    except InvalidURI as error:
        raise BadSettings(f"MONGO_DB_URI: {error}") from error
    except PyMongoError as error:
        # the driver adds all that it knows of all servers
        raise Unavailable("mongodb", str(error).partition(" (configured")[0]) from error


def _taken(error: DuplicateKeyError) -> str:
    """The names of the fields whose value exists already; never the values."""
    names = (error.details or {}).get("keyPattern") or {"id": 1}
    return " and ".join(name.lstrip("_") for name in names)
