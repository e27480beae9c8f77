"""Requests sent twice, at once, too late or on top of each other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from store import ids
from store.accounts import Accounts
from store.clock import now
from store.idempotency import ABANDONED_AFTER
from store.records.account import Role
from store.records.undo import UNDO_FOR
from store.settings import Settings
from store.store import Store, open_store
from tests.server.conftest import PASSWORD, Site

CREATE = """
mutation($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    dataset { id revision } version { id } job { id } userErrors { __typename code path }
  }
}
"""
UPDATE = """
mutation($input: UpdateDatasetInput!) {
  updateDataset(input: $input) {
    dataset { name revision } undoToken
    userErrors {
      __typename code
      ... on ConflictError { currentRevision current { ... on Dataset { id name revision } } }
    }
  }
}
"""
UNDO = """
mutation($input: UndoInput!) {
  undo(input: $input) {
    undone subject { ... on Dataset { name } }
    userErrors { code path ... on ConflictError { current { ... on Dataset { name } } } }
  }
}
"""
DELETE = """
mutation($input: DeleteDatasetInput!) {
  deleteDataset(input: $input) { undoToken userErrors { code message } }
}
"""
UPLOAD = """
mutation($input: CreateUploadInput!) {
  createUpload(input: $input) {
    upload { id } ticket { uploadId parts { url } } userErrors { code }
  }
}
"""
INVITE = """
mutation($input: InviteUserInput!) {
  inviteUser(input: $input) { invitation { id } token userErrors { code } }
}
"""
TWINS = 8


@pytest.fixture
async def kept(site: Site, site_settings: Settings) -> Any:
    """What the site keeps, seen by somebody beside it."""
    async with open_store(site_settings) as opened:
        yield opened


async def ask(site: Site, bearer: str, query: str, **input: Any) -> Any:
    """The payload of the one mutation."""
    response = await site.ask(query, bearer, input=input)
    told = response.json()
    assert "errors" not in told, told
    [payload] = told["data"].values()
    return payload


async def create(site: Site, token: str, **more: Any) -> Any:
    asked = {"name": "Letters", "rows": [{"text": "one", "label": "a"}], **more}
    return await ask(site, token, CREATE, **asked)


async def dataset(site: Site, token: str) -> str:
    """The id of a data set at revision 0, with no job under way."""
    made = await create(site, token)
    cancel = "mutation($input: CancelJobInput!) { cancelJob(input: $input) { job { status } } }"
    assert (await ask(site, token, cancel, id=made["job"]["id"]))["job"]["status"] == "CANCELLED"
    identifier: str = made["dataset"]["id"]
    return identifier


# -- one request, sent more than once -------------------------------------------------------------


async def test_twins_at_the_same_time_are_done_once(
    site: Site, user_token: str, kept: Store
) -> None:
    key = ids.new(ids.JOB)
    before = await kept.mongo.datasets.count({})
    told = await asyncio.gather(
        *(create(site, user_token, idempotencyKey=key) for _ in range(TWINS))
    )
    assert told == [told[0]] * TWINS
    assert told[0]["userErrors"] == []
    assert await kept.mongo.datasets.count({}) == before + 1
    assert await create(site, user_token, idempotencyKey=key) == told[0]


async def test_a_key_does_not_serve_for_another_request(site: Site, user_token: str) -> None:
    key = ids.new(ids.JOB)
    await create(site, user_token, idempotencyKey=key)
    for query, other in (
        (CREATE, {"name": "Others", "rows": [{"text": "one", "label": "a"}]}),
        (UPLOAD, {"filename": "a.csv", "size": 3}),
    ):
        payload = await ask(site, user_token, query, idempotencyKey=key, **other)
        assert [error["code"] for error in payload["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_keys_of_two_callers_have_nothing_to_do_with_each_other(
    site: Site, user_token: str, admin_token: str
) -> None:
    key = ids.new(ids.JOB)
    mine = await create(site, user_token, idempotencyKey=key)
    theirs = await create(site, admin_token, idempotencyKey=key)
    assert mine["dataset"]["id"] != theirs["dataset"]["id"]


async def test_what_a_dead_server_began_is_finished_once(
    site: Site, user_token: str, kept: Store
) -> None:
    """It had made the version, and neither told the caller nor noted that it was done."""
    key = ids.new(ids.JOB)
    made = await create(site, user_token, idempotencyKey=key)
    (call,) = await kept.mongo.idempotency.all_by({"made_id": made["version"]["id"]}, 2)
    begun = replace(call, is_done=False, at=now() - ABANDONED_AFTER)
    await kept.mongo.idempotency.amend(call.id, lambda _: begun)
    await kept.mongo.datasets.delete(made["dataset"]["id"])
    told = await asyncio.gather(
        *(create(site, user_token, idempotencyKey=key) for _ in range(TWINS))
    )
    assert told == [made] * TWINS


async def test_keys_are_remembered_for_a_day(site: Site, kept: Store) -> None:
    for name in ("idempotency", "undo_steps"):
        indexes = await kept.mongo.database[name].index_information()
        assert indexes["at_1"]["expireAfterSeconds"] == 24 * 3600


async def test_an_upload_is_announced_once_and_its_urls_are_fresh(
    site: Site, user_token: str, kept: Store
) -> None:
    asked = {"filename": "a.csv", "size": 3, "idempotencyKey": ids.new(ids.JOB)}
    first, second = [await ask(site, user_token, UPLOAD, **asked) for _ in range(2)]
    assert first["upload"] == second["upload"]
    assert second["ticket"]["uploadId"] == first["upload"]["id"]
    await kept.mongo.uploads.amend(first["upload"]["id"], lambda upload: upload.completed("0" * 64))
    last = await ask(site, user_token, UPLOAD, **asked)
    assert last == {"upload": first["upload"], "ticket": None, "userErrors": []}


async def test_an_invitation_whose_answer_was_lost_is_told_again(
    site: Site, admin_token: str
) -> None:
    email, key = f"{ids.new(ids.USER)}@example.org", ids.new(ids.JOB)
    told = await asyncio.gather(
        *(ask(site, admin_token, INVITE, email=email, idempotencyKey=key) for _ in range(TWINS))
    )
    assert told == [told[0]] * TWINS
    accept = (
        "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) "
        "{ user { email } userErrors { code } } }"
    )
    response = await site.ask(
        accept, input={"token": told[0]["token"], "name": "Zoe", "password": PASSWORD}
    )
    assert response.json()["data"]["acceptInvitation"]["user"]["email"] == email.lower()


# -- changes on top of what the caller has not seen -----------------------------------------------


async def test_of_two_who_saw_the_same_one_changes_it(site: Site, user_token: str) -> None:
    identifier = await dataset(site, user_token)
    told = await asyncio.gather(
        *(
            ask(site, user_token, UPDATE, id=identifier, name=f"Name {n}", expectedVersion=0)
            for n in range(TWINS)
        )
    )
    [done] = [each for each in told if not each["userErrors"]]
    now_there = {"id": identifier, **done["dataset"]}
    for refused in (each for each in told if each["userErrors"]):
        assert refused["dataset"] is None
        assert refused["undoToken"] is None
        assert refused["userErrors"] == [
            {
                "__typename": "ConflictError", "code": "CONFLICT", "currentRevision": 1,
                "current": now_there,
            }
        ]  # fmt: skip


async def test_changes_of_different_fields_do_not_undo_each_other(
    site: Site, user_token: str, kept: Store
) -> None:
    identifier = await dataset(site, user_token)
    await asyncio.gather(
        ask(site, user_token, UPDATE, id=identifier, name="Other"),
        ask(site, user_token, UPDATE, id=identifier, description="of us"),
    )
    found = await kept.mongo.datasets.get(identifier)
    assert (found.name, found.description, found.revision) == ("Other", "of us", 2)


# -- taking back ----------------------------------------------------------------------------------


async def undo(site: Site, token: str, step: str) -> Any:
    return await ask(site, token, UNDO, token=step)


async def test_twins_take_a_change_back_once(site: Site, user_token: str, kept: Store) -> None:
    identifier = await dataset(site, user_token)
    step = (await ask(site, user_token, UPDATE, id=identifier, name="Other"))["undoToken"]
    told = await asyncio.gather(*(undo(site, user_token, step) for _ in range(TWINS)))
    assert [each for each in told if each["undone"]]
    found = await kept.mongo.datasets.get(identifier)
    assert (found.name, found.revision) == ("Letters", 2)
    again = await undo(site, user_token, step)
    assert again == {
        "undone": "DATASET_UPDATED", "subject": {"name": "Letters"}, "userErrors": [],
    }  # fmt: skip
    assert (await kept.mongo.datasets.get(identifier)).revision == 2


async def test_what_changed_since_is_not_taken_back(site: Site, user_token: str) -> None:
    identifier = await dataset(site, user_token)
    step = (await ask(site, user_token, UPDATE, id=identifier, name="Other"))["undoToken"]
    await ask(site, user_token, UPDATE, id=identifier, name="Third")
    assert (await undo(site, user_token, step))["userErrors"] == [
        {"code": "CONFLICT", "path": ["input"], "current": {"name": "Third"}}
    ]
    gone = await ask(site, user_token, DELETE, id=identifier)
    [error] = (await undo(site, user_token, step))["userErrors"]
    assert (error["code"], error["current"]) == ("CONFLICT", {"name": "Third"})
    assert (await undo(site, user_token, gone["undoToken"]))["subject"] == {"name": "Third"}


async def test_undo_tokens_of_others_over_or_made_up_are_nothing(
    site: Site, user_token: str, admin_token: str, kept: Store
) -> None:
    identifier = await dataset(site, user_token)
    step = (await ask(site, user_token, UPDATE, id=identifier, name="Other"))["undoToken"]
    made_up = [step[:-1], step[::-1], f"A{step[1:]}", "", "ä", "x" * 9_000, identifier]
    for token, tried in [(admin_token, step), *((user_token, each) for each in made_up)]:
        [error] = (await undo(site, token, tried))["userErrors"]
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "token"])
    (kept_step,) = await kept.mongo.undo_steps.all_by({"subject_id": identifier}, 2)
    late = replace(kept_step, at=kept_step.at - UNDO_FOR)
    await kept.mongo.undo_steps.amend(kept_step.id, lambda _: late)
    [error] = (await undo(site, user_token, step))["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "token"])
    assert (await kept.mongo.datasets.get(identifier)).name == "Other"


async def test_who_may_do_it_no_longer_may_not_undo_it(
    site: Site, admin_token: str, accounts: Accounts, kept: Store
) -> None:
    """An admin changed somebody's data set, and is an admin no more."""
    email = f"{ids.new(ids.USER)}@example.org"
    demoted = await accounts.create_user(email, "Once", Role.ADMIN, PASSWORD)
    token = (await site.sign_in(email))["accessToken"]
    identifier = await dataset(site, admin_token)
    step = (await ask(site, token, UPDATE, id=identifier, name="Other"))["undoToken"]
    role = (
        "mutation($input: SetUserRoleInput!) { setUserRole(input: $input) { userErrors { code } } }"
    )
    await ask(site, admin_token, role, userId=demoted.id, role="USER")
    [error] = (await undo(site, token, step))["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "token"])
    assert (await kept.mongo.datasets.get(identifier)).name == "Other"
