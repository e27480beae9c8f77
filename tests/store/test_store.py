"""The store as a whole."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from store.store import Store

FIELDS = get_type_hints(Store)
OPENED = ("settings", "redis", "mongo", "objects", "events", "calls", "budget")


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in OPENED])
def test_each_noun_is_made_from_those_above_it(name: str) -> None:
    above = dict(list(FIELDS.items())[: list(FIELDS).index(name)])
    needed = get_type_hints(FIELDS[name].__init__)
    needed.pop("return")
    assert needed.items() <= above.items()
