"""Failures as clients see them."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from schema.errors import ERROR_TYPES, user_error
from store import errors
from tests.schema.conftest import Caller, NewCaller


async def test_the_unexpected_is_masked_and_logged(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def explode(*given: Any, **more: Any) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(type(alice.store.mongo.datasets), "page", explode)
    with capture_logs() as logs:
        (error,) = await alice.errors("{ datasets { totalCount } }")
    assert error == {
        "message": "Internal error",
        "locations": [{"line": 1, "column": 3}],
        "path": ["datasets"],
        "extensions": {"code": "INTERNAL", "requestId": "req-1"},
    }
    assert [(log["event"], log["request_id"], log["path"]) for log in logs] == [
        ("resolver_failed", "req-1", ["datasets"])
    ]


async def test_a_service_that_is_down(alice: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*given: Any, **more: Any) -> None:
        raise errors.Unavailable("mongodb", "no answer", retry_after_s=2)

    monkeypatch.setattr(type(alice.store.mongo.datasets), "page", fail)
    (error,) = await alice.errors("{ datasets { totalCount } }")
    assert error["message"] == "mongodb is unavailable: no answer"
    assert error["extensions"] == {
        "code": "UNAVAILABLE",
        "retryable": True,
        "retryAfter": 2,
        "requestId": "req-1",
    }


async def test_a_service_that_is_down_in_a_mutation(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*given: Any, **more: Any) -> None:
        raise errors.Overloaded("objects", "too much")

    monkeypatch.setattr(alice.store.uploads.__class__, "create", fail)
    query = "mutation($i: CreateUploadInput!) { createUpload(input: $i) { upload { id } } }"
    assert await alice.codes(query, i={"filename": "a.csv", "size": 1}) == ["OVERLOADED"]


async def test_scopes(new_caller: NewCaller) -> None:
    writer = await new_caller("writer", scopes={"WRITE"})
    assert await writer.codes("{ datasets { totalCount } }") == ["FORBIDDEN"]
    reader = await new_caller("reader", scopes={"READ"})
    query = 'mutation { cancelJob(input: {id: "x"}) { job { id } } }'
    (error,) = await reader.errors(query)
    assert error["message"] == "this needs the scope WRITE"
    assert await reader.codes("{ users { totalCount } }") == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("failure", "shown", "code"),
    [
        (errors.NotFound("x"), "NotFoundError", "NOT_FOUND"),
        (errors.AlreadyExists("x"), "AlreadyExistsError", "ALREADY_EXISTS"),
        (errors.Conflict("x", 3), "ConflictError", "CONFLICT"),
        (errors.IllegalMove("x"), "IllegalStateError", "ILLEGAL_MOVE"),
        (errors.StaleAttempt("x"), "IllegalStateError", "STALE_ATTEMPT"),
        (errors.IdempotencyMismatch("x"), "IdempotencyMismatchError", "IDEMPOTENCY_MISMATCH"),
        (errors.BadUpload("x"), "UploadError", "BAD_UPLOAD"),
        (errors.Denied("x"), "DeniedError", "DENIED"),
        (errors.Throttled("x", 2.5), "QuotaError", "THROTTLED"),
        (errors.InvalidValue("x", "name"), "ValidationError", "BAD_USER_INPUT"),
        (errors.NotTrainable("x"), "ValidationError", "NOT_TRAINABLE"),
    ],
)
def test_expected_failures_have_types(failure: errors.StoreError, shown: str, code: str) -> None:
    error = user_error(failure)
    assert (type(error).__name__, error.code, error.message) == (shown, code, "x")
    assert type(error) in ERROR_TYPES
    assert error.path[0] == "input"
    assert getattr(error, "retry_after", 2.5) == 2.5
    assert getattr(error, "current_revision", 3) == 3
