"""Scalars: what they write, and what they refuse to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from schema.scalars import SCALARS, BigInt, Metadata
from tests.schema.conftest import Caller

SIZE = (
    'mutation($size: BigInt!) { createUpload(input: {filename: "a", size: $size}) {'
    " upload { size } userErrors { code path } } }"
)
SINCE = "query($at: DateTime) { predictions(filter: {since: $at}) { totalCount } }"


def test_moments_are_written_in_utc() -> None:
    moment = datetime(2026, 1, 31, 13, 0, 0, 123_456, timezone(timedelta(hours=1)))
    write = SCALARS[datetime].serialize
    assert write is not None
    assert write(moment) == "2026-01-31T12:00:00.123Z"
    assert write(datetime(2026, 1, 31, tzinfo=UTC)) == "2026-01-31T00:00:00.000Z"


@pytest.mark.parametrize("at", ["2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00"])
async def test_moments_are_read(alice: Caller, at: str) -> None:
    assert (await alice(SINCE, at=at))["predictions"] == {"totalCount": 0}


@pytest.mark.parametrize(
    "at",
    [
        "2026-01-31T12:00:00", "yesterday", 5, True, "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-23:59",
    ],
)  # fmt: skip
async def test_bad_moments_are_refused(alice: Caller, at: object) -> None:
    assert await alice.codes(SINCE, at=at) == ["BAD_REQUEST"]


async def test_big_numbers_pass(alice: Caller) -> None:
    size = 2**31
    payload = (await alice(SIZE, size=size))["createUpload"]
    assert payload == {"upload": {"size": size}, "userErrors": []}


@pytest.mark.parametrize("size", [2**53, 1.5, "7", True])
async def test_bad_numbers_are_refused(alice: Caller, size: object) -> None:
    assert await alice.codes(SIZE, size=size) == ["BAD_REQUEST"]


@pytest.mark.parametrize("value", [[], "x", {"a": 1}, {"a": None}])
def test_metadata_is_text_by_name(value: object) -> None:
    read = SCALARS[Metadata].parse_value
    assert read is not None
    with pytest.raises(Exception, match="metadata is an object whose values are text"):
        read(value)
    assert SCALARS[BigInt].name == "BigInt"
