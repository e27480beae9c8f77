"""What people may call their things. Every check returns the value as it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from store.errors import InvalidValue

MAX_TITLE, MAX_DESCRIPTION = 200, 5_000
MAX_REASON = 500
MAX_SLUG = 80
MAX_METADATA, MAX_METADATA_KEY, MAX_METADATA_VALUE = 50, 100, 1_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def title(value: str) -> str:
    """A data set's name, without the spaces around it. Raises InvalidValue."""
    cleaned = value.strip()
    if not 1 <= len(cleaned) <= MAX_TITLE or not cleaned.isprintable():
        raise InvalidValue(f"a name has 1 to {MAX_TITLE} printable characters", "name")
    return cleaned


def description(value: str) -> str:
    """Free text. Raises InvalidValue when it is too long."""
    if len(value) > MAX_DESCRIPTION:
        raise InvalidValue(f"a description has at most {MAX_DESCRIPTION} characters", "description")
    return value.strip()


def reason(value: str) -> str:
    """Why something is done, in a line for those who wonder. Raises InvalidValue."""
    cleaned = value.strip()
    if len(cleaned) > MAX_REASON or not cleaned.isprintable():
        raise InvalidValue(f"a reason has at most {MAX_REASON} printable characters", "reason")
    return cleaned


def metadata(values: Mapping[str, str]) -> dict[str, str]:
    """The owner's own notes by name. Raises InvalidValue when they are too many or too long.

    A key is a field's name in MongoDB: those that begin with `$` have a meaning there.
    """
    if len(values) > MAX_METADATA:
        raise InvalidValue(f"there may be {MAX_METADATA} entries of metadata", "metadata")
    for key, value in values.items():
        if not 1 <= len(key) <= MAX_METADATA_KEY or len(value) > MAX_METADATA_VALUE:
            raise InvalidValue(
                f"a key has 1 to {MAX_METADATA_KEY} characters, "
                f"a value at most {MAX_METADATA_VALUE}",
                "metadata",
            )
        if key.startswith("$") or not key.isprintable():
            raise InvalidValue("a key is printable, and begins with no `$`", "metadata")
    return dict(values)


def slug(value: str) -> str:
    """A model's name: lower-case words joined by hyphens. Raises InvalidValue."""
    if len(value) > MAX_SLUG or not SLUG.fullmatch(value):
        raise InvalidValue(
            f"a model's name has up to {MAX_SLUG} lower-case letters, digits and single hyphens "
            "between them",
            "modelName",
        )
    return value


def slug_of(name: str) -> str:
    """The model name that comes nearest to a data set's name; `model` when nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[: MAX_SLUG - 5].strip("-") or "model"
