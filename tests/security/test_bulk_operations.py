"""Threats that bulk operations bring: rights that are over, secrets, things of others."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from schema.operations.paged import LARGEST_PAGE
from store.errors import Throttled
from store.objects import keys
from store.records.account import Budget, Role, Scope
from store.records.job import JobStatus
from store.records.operation import OperationStatus
from store.records.viewer import Viewer
from tests.operations.conftest import (
    MUTATION,
    QUERY,
    ended,
    lines_of,
    operation_of,
    predictions,
    run_mutation,
    run_query,
    running,
)
from tests.schema.conftest import Caller, admin, alice, bob, new_caller, nobody

__all__ = ["admin", "alice", "bob", "new_caller", "nobody"]

PREDICTIONS = "{ predictions { nodes { id } } }"
USERS = "{ users { nodes { id email } } }"
CANCEL = """
mutation($input: CancelJobInput!) {
  cancelJob(input: $input) { job { id } userErrors { code } }
}
"""
URL = "query($id: ID!) { node(id: $id) { ... on BulkOperation { url document } } }"


async def by_key(caller: Caller, *scopes: Scope, **more: Any) -> tuple[Caller, str]:
    """The same caller by an API key, and the key's id."""
    assert caller.viewer is not None
    accounts, user = caller.store.accounts, caller.viewer.user
    key, _ = await accounts.create_api_key(user.id, "a key", list(scopes), **more)
    viewer = Viewer(user, frozenset(scopes), api_key_id=key.id, budget=key.budget)
    return Caller(caller.store, viewer), key.id


async def test_a_bulk_operation_ends_with_the_key_that_began_it(alice: Caller) -> None:
    keyed, key_id = await by_key(alice, Scope.READ)
    job_id = await run_query(keyed, PREDICTIONS)
    await alice.store.accounts.revoke_api_key(key_id)
    async with running(alice.store):
        job = await ended(alice.store, job_id)
    assert job.failure is not None and job.failure.code == "DENIED"


async def test_a_bulk_operation_ends_with_the_account_that_began_it(alice: Caller) -> None:
    job_id = await run_query(alice, PREDICTIONS)
    await alice.store.mongo.users.amend(alice.id, lambda user: user.disabled(user.created_at))
    async with running(alice.store):
        job = await ended(alice.store, job_id)
    assert job.failure is not None and job.failure.code == "DENIED"
    assert await lines_of(alice.store, job_id) == []


async def test_a_bulk_operation_loses_the_role_that_its_caller_loses(admin: Caller) -> None:
    job_id = await run_query(admin, USERS)
    await admin.store.mongo.users.amend(admin.id, lambda user: user.role_changed(Role.USER))
    async with running(admin.store):
        job = await ended(admin.store, job_id)
    assert job.failure is not None and job.failure.code == "FORBIDDEN"


async def test_a_bulk_operation_gains_no_right_that_its_key_lacks(admin: Caller) -> None:
    """The key's owner is an admin; the key may only read."""
    keyed, _ = await by_key(admin, Scope.READ)
    job_id = await run_query(keyed, USERS)
    async with running(admin.store):
        job = await ended(admin.store, job_id)
    assert job.failure is not None and job.failure.code == "FORBIDDEN"
    assert await lines_of(admin.store, job_id) == []


async def test_a_bulk_mutation_changes_nothing_of_others(alice: Caller, bob: Caller) -> None:
    waiting = await run_query(alice, PREDICTIONS)
    line = orjson.dumps({"input": {"id": waiting}}).decode()
    job_id = await run_mutation(bob, CANCEL, lines=line)
    store = alice.store
    async with running(store):
        await ended(store, job_id)
        assert (await ended(store, waiting)).status is JobStatus.SUCCEEDED
    (told,) = await lines_of(store, job_id)
    assert told["data"]["cancelJob"]["userErrors"] == [{"code": "NOT_FOUND"}]


async def test_a_bulk_result_is_handed_to_its_owner_only(alice: Caller, bob: Caller) -> None:
    job_id = await run_query(alice, PREDICTIONS)
    async with running(alice.store):
        await ended(alice.store, job_id)
    operation = await operation_of(alice.store, job_id)
    assert (await alice(URL, id=operation.id))["node"]["url"]
    assert (await bob(URL, id=operation.id))["node"] is None


@pytest.mark.parametrize(
    "mutation",
    [
        "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }",
        "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) "
        "{ userErrors { code } } }",
        "mutation($input: ChangePasswordInput!) { changePassword(input: $input) "
        "{ userErrors { code } } }",
        "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) "
        "{ userErrors { code } } }",
        "mutation($input: RotateApiKeyInput!) { rotateApiKey(input: $input) "
        "{ userErrors { code } } }",
        "mutation($input: InviteUserInput!) { inviteUser(input: $input) "
        "{ userErrors { code } } }",
        "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) "
        "{ userErrors { code } } }",
    ],
)  # fmt: skip
async def test_secrets_pass_through_no_bulk_mutation(admin: Caller, mutation: str) -> None:
    data = await admin(MUTATION, input={"mutation": mutation, "lines": "{}"})
    (error,) = data["runBulkMutation"]["userErrors"]
    assert "carries a secret" in error["message"], error


async def test_a_bulk_query_cannot_be_made_dear_by_fragments(alice: Caller) -> None:
    """Twenty fragments that each spread the next one twice stand for a million lists."""
    spread = "fragment F{0} on Dataset {{ ...F{1} ...F{1} }}"
    chain = " ".join(spread.format(number, number + 1) for number in range(20))
    query = f"{{ datasets {{ nodes {{ id ...F0 }} }} }} {chain} "
    query += "fragment F20 on Dataset { versions { nodes { id } } }"
    async with asyncio.timeout(60):
        data = await alice(QUERY, input={"query": query})
    (error,) = data["runBulkQuery"]["userErrors"]
    assert error["code"] == "BAD_USER_INPUT"


async def test_a_key_spends_no_more_in_bulk_than_its_day_allows(alice: Caller) -> None:
    await predictions(alice, 700)
    keyed, _ = await by_key(alice, Scope.READ, budget=Budget(points=800))
    job_id = await run_query(keyed, PREDICTIONS)
    async with running(alice.store):
        job = await ended(alice.store, job_id)
    assert job.failure is not None and job.failure.code == Throttled.code
    operation = await operation_of(alice.store, job_id)
    assert operation.status is OperationStatus.PARTIAL and operation.tally.done == LARGEST_PAGE


async def test_a_bulk_file_has_a_key_that_no_caller_chooses(alice: Caller) -> None:
    job_id = await run_query(alice, PREDICTIONS)
    async with running(alice.store):
        await ended(alice.store, job_id)
    operation = await operation_of(alice.store, job_id)
    assert operation.object_key == f"{keys.operation(operation.id)}result-1.jsonl"
