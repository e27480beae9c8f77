"""Webhooks through the schema: what may be saved, who sees it, and what it would send."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook as Verifier

from schema.root import schema
from schema.webhooks.saved import SOURCES
from schema.webhooks.trying import SAMPLES
from store import ids
from store.errors import InvalidValue
from store.records.account import Scope
from store.records.viewer import Viewer
from store.webhooks.webhooks import MAX_WEBHOOKS
from tests.schema.conftest import Caller
from tests.schema.making import create, published

URL = "https://hooks.example/in"
CREATE = """mutation($input: CreateWebhookInput!) { createWebhook(input: $input) {
  webhook { id name url document variables operationName revision cursor isFollowed
    off { reason } owner { id } deliveries { totalCount } }
  secret userErrors { __typename code message path } } }"""
ALL = "subscription { activity { __typename } }"
DATASET = "subscription D($id: ID!) { datasetEvents(id: $id) { __typename } }"


async def made(caller: Caller, **more: Any) -> dict[str, Any]:
    """What `createWebhook` answers."""
    given = {"name": "hook", "url": URL, "document": ALL} | more
    answer: dict[str, Any] = (await caller(CREATE, input=given))["createWebhook"]
    return answer


async def of_a_dataset(caller: Caller) -> str:
    """The id of a webhook of a data set of the caller's."""
    dataset_id = (await create(caller))["dataset"]["id"]
    answer = await made(caller, document=DATASET, variables={"id": dataset_id})
    return str(answer["webhook"]["id"])


async def refused(caller: Caller, **more: Any) -> dict[str, Any]:
    """The one reason why it does not."""
    answer = await made(caller, **more)
    assert (answer["webhook"], answer["secret"]) == (None, None)
    (error,) = answer["userErrors"]
    assert await caller.store.mongo.webhooks.count({}) == 0
    return error


def test_every_subscription_that_goes_on_from_a_cursor_can_be_saved() -> None:
    fields = schema._schema.subscription_type.fields
    assert {name for name, field in fields.items() if "after" in field.args} == set(SOURCES)
    assert set(SAMPLES) == set(SOURCES)


async def test_a_webhook_is_shown_as_it_was_made(alice: Caller) -> None:
    dataset_id = (await create(alice))["dataset"]["id"]
    answer = await made(alice, document=DATASET, variables={"id": dataset_id}, operationName="D")
    webhook = answer["webhook"]
    assert answer["secret"].startswith("whsec_")
    assert webhook | {"id": "", "cursor": ""} == {
        "id": "", "name": "hook", "url": URL, "document": DATASET, "operationName": "D",
        "variables": {"id": dataset_id}, "revision": 0, "cursor": "", "isFollowed": False,
        "off": None, "owner": {"id": alice.id}, "deliveries": {"totalCount": 0},
    }  # fmt: skip
    kept = await alice.store.mongo.webhooks.get(webhook["id"])
    assert answer["secret"] not in str(kept)
    data = await alice("{ webhooks { nodes { id } totalCount } }")
    assert data["webhooks"] == {"nodes": [{"id": webhook["id"]}], "totalCount": 1}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "Syntax Error"),
        ("{ viewer { user { id } } }", "must be a subscription"),
        ("mutation { signOut { userErrors { code } } }", "must be a subscription"),
        ("subscription { system { version } }", "must begin with one of"),
        ("subscription { activity { nothing } }", "Cannot query field"),
        ('subscription { activity(after: "1-0") { __typename } }', "leave `after` out"),
        ("subscription { ...F } fragment F on Subscription { activity { __typename } }",
         "must begin with one of"),
        ("subscription { a: activity { __typename } b: activity { __typename } }", "one"),
        ("fragment F on User { id }", "Fragment"),
        ("subscription { activity { ... on ActivityEvent { dataset { "
         "versions(first: 100) { nodes { "
            "dataset { jobs(first: 100) { nodes { id } } } } } } } } }", "points"),
        (f"subscription {{ activity {{ {'__typename ' * 1_000} }} }}", "10,000 characters"),
    ],
)  # fmt: skip
async def test_another_document_is_refused(admin: Caller, document: str, says: str) -> None:
    error = await refused(admin, document=document)
    assert (error["code"], error["path"]) == (InvalidValue.code, ["input", "document"])
    assert says in error["message"]


async def test_of_several_operations_one_is_named(admin: Caller) -> None:
    document = f"{ALL.replace('{', 'A {', 1)} {ALL.replace('{', 'B {', 1)}"
    assert (await refused(admin, document=document))["path"] == ["input", "operationName"]
    answer = await made(admin, document=document, operationName="B")
    assert answer["webhook"]["operationName"] == "B"


@pytest.mark.parametrize("variables", [{}, {"id": None}, {"id": ["a"]}, {"id": {"$gt": ""}}])
async def test_variables_that_do_not_fit_are_refused(alice: Caller, variables: Any) -> None:
    error = await refused(alice, document=DATASET, variables=variables)
    assert error["path"] == ["input", "variables"]


async def test_what_the_caller_may_not_follow_is_refused(alice: Caller, bob: Caller) -> None:
    assert (await refused(bob))["__typename"] == "DeniedError"
    dataset_id = (await create(alice))["dataset"]["id"]
    for each in (dataset_id, ids.new(ids.DATASET)):
        error = await refused(bob, document=DATASET, variables={"id": each})
        assert error["message"] == f"the subscription does not begin: there is no '{each}'"


async def test_a_url_that_leads_inside_is_refused(admin: Caller) -> None:
    error = await refused(admin, url="https://169.254.169.254/latest")
    assert error["path"] == ["input", "url"]


async def test_nobody_has_too_many(admin: Caller) -> None:
    for _ in range(MAX_WEBHOOKS):
        assert (await made(admin))["userErrors"] == []
    (error,) = (await made(admin))["userErrors"]
    assert error["code"] == "ILLEGAL_MOVE"


async def test_a_request_sent_twice_makes_one_and_shows_its_secret_once(admin: Caller) -> None:
    first = await made(admin, idempotencyKey="k")
    again = await made(admin, idempotencyKey="k")
    assert again["webhook"]["id"] == first["webhook"]["id"]
    assert first["secret"]
    assert again["secret"] is None
    assert again["userErrors"] == []


async def test_others_do_not_see_it(alice: Caller, bob: Caller, admin: Caller) -> None:
    dataset_id = (await create(alice))["dataset"]["id"]
    webhook_id = (await made(alice, document=DATASET, variables={"id": dataset_id}))["webhook"][
        "id"
    ]
    look = (
        "query($id: ID!) { webhook(id: $id) { id } node(id: $id) { id } webhooks { totalCount } }"
    )
    seen = {
        "webhook": {"id": webhook_id},
        "node": {"id": webhook_id},
        "webhooks": {"totalCount": 1},
    }
    assert await alice(look, id=webhook_id) == seen
    assert await admin(look, id=webhook_id) == seen
    assert await bob(look, id=webhook_id) == {
        "webhook": None, "node": None, "webhooks": {"totalCount": 0}
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        'updateWebhook(input: {id: $id, url: "https://evil.example/"})',
        "rotateWebhookSecret(input: {id: $id})",
        "testWebhook(input: {id: $id, send: true})",
        "deleteWebhook(input: {id: $id})",
    ],
)
async def test_others_do_not_change_it(
    alice: Caller, bob: Caller, admin: Caller, change: str
) -> None:
    dataset_id = (await create(alice))["dataset"]["id"]
    webhook_id = (await made(alice, document=DATASET, variables={"id": dataset_id}))["webhook"][
        "id"
    ]
    before = await alice.store.mongo.webhooks.get(webhook_id)
    query = f"mutation($id: ID!) {{ it: {change} {{ userErrors {{ code }} }} }}"
    assert (await bob(query, id=webhook_id))["it"]["userErrors"] == [{"code": "NOT_FOUND"}]
    if "delete" not in change:
        assert (await admin(query, id=webhook_id))["it"]["userErrors"] == [{"code": "DENIED"}]
    assert await alice.store.mongo.webhooks.get(webhook_id) == before
    assert await alice.store.mongo.webhook_deliveries.count({}) == 0


async def test_a_key_knows_what_was_made_with_it_alone(alice: Caller) -> None:
    dataset_id = (await create(alice))["dataset"]["id"]
    given = {"document": DATASET, "variables": {"id": dataset_id}}
    mine = (await made(alice, **given))["webhook"]["id"]
    key = Caller(
        alice.store, Viewer(alice.viewer.user, frozenset({Scope.READ}), api_key_id="key_1")
    )
    theirs = (await made(key, **given))["webhook"]["id"]
    data = await key("{ webhooks { nodes { id } } }")
    assert [each["id"] for each in data["webhooks"]["nodes"]] == [theirs]
    rotate = "mutation($id: ID!) { rotateWebhookSecret(input: {id: $id}) { secret } }"
    assert (await key(rotate, id=mine))["rotateWebhookSecret"]["secret"] is None
    assert (await key(rotate, id=theirs))["rotateWebhookSecret"]["secret"]


UPDATE = """mutation($input: UpdateWebhookInput!) { updateWebhook(input: $input) {
  webhook { name url document cursor revision off { reason message } }
  userErrors { __typename code message path } } }"""


async def test_a_webhook_is_changed(admin: Caller) -> None:
    first = (await made(admin))["webhook"]
    given = {"id": first["id"], "name": "other", "url": "https://other.example/", "isOn": False,
             "expectedVersion": 0}  # fmt: skip
    changed = (await admin(UPDATE, input=given))["updateWebhook"]["webhook"]
    assert changed == {
        "name": "other", "url": "https://other.example/", "document": ALL, "revision": 1,
        "cursor": first["cursor"],
        "off": {"reason": "OWNER", "message": "its owner switched it off"},
    }  # fmt: skip
    (error,) = (await admin(UPDATE, input=given))["updateWebhook"]["userErrors"]
    assert error["__typename"] == "ConflictError"


async def test_another_document_begins_now(admin: Caller) -> None:
    first = (await made(admin))["webhook"]
    version = await published(admin)
    document = f'subscription {{ modelEvents(id: "{version.model_id}") {{ __typename }} }}'
    given = {"id": first["id"], "document": document}
    changed = (await admin(UPDATE, input=given))["updateWebhook"]["webhook"]
    assert changed["document"] == document
    assert changed["cursor"] > first["cursor"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"url": "http://plain.example/"}, "url"),
        ({"document": "{ viewer { user { id } } }"}, "document"),
        ({"variables": {"id": "x"}}, "document"),
        ({"name": " "}, "name"),
    ],
)
async def test_a_bad_change_changes_nothing(admin: Caller, more: Any, path: str) -> None:
    webhook_id = (await made(admin))["webhook"]["id"]
    (error,) = (await admin(UPDATE, input={"id": webhook_id, "isOn": False, **more}))[
        "updateWebhook"
    ]["userErrors"]
    assert error["path"] == ["input", path]
    assert (await admin.store.mongo.webhooks.get(webhook_id)).revision == 0


TEST = """mutation($id: ID!, $send: Boolean = false) {
  testWebhook(input: {id: $id, send: $send}) {
    isSample delivery { id status isTest } userErrors { code }
    request { method url body headers { name value } } } }"""


async def test_a_dry_run_shows_the_request_and_sends_nothing(alice: Caller) -> None:
    dataset_id = (await create(alice))["dataset"]["id"]
    answer = await made(
        alice, variables={"id": dataset_id},
        document="subscription($id: ID!) { datasetEvents(id: $id) { "
        "... on ActivityEvent { kind dataset { name } } } }",
    )  # fmt: skip
    told = (await alice(TEST, id=answer["webhook"]["id"]))["testWebhook"]
    request = told["request"]
    assert (told["isSample"], told["delivery"]) == (False, None)
    assert (request["method"], request["url"]) == ("POST", URL)
    headers = {each["name"]: each["value"] for each in request["headers"]}
    body = Verifier(answer["secret"]).verify(request["body"], headers)
    assert body["data"]["datasetEvents"]["dataset"] == {"name": "Letters"}
    assert await alice.store.mongo.webhook_deliveries.count({}) == 0


@pytest.mark.parametrize("name", list(SOURCES))
async def test_where_nothing_happened_a_sample_is_shown(admin: Caller, name: str) -> None:
    job_id = (await create(admin))["job"]["id"]
    version = await published(admin)
    about = {"jobEvents": job_id, "jobLog": job_id, "modelEvents": version.model_id}
    about["datasetEvents"] = version.dataset_id
    given = f'(id: "{about[name]}")' if name in about else ""
    made_ = await made(admin, document=f"subscription {{ {name}{given} {{ __typename }} }}")
    await admin.store.redis.flushdb()
    told = (await admin(TEST, id=made_["webhook"]["id"]))["testWebhook"]
    assert told["isSample"] is True
    shown = {"jobLog": "LogLine"}.get(name, "ActivityEvent")
    assert orjson.loads(told["request"]["body"]) == {"data": {name: {"__typename": shown}}}


async def test_a_test_is_sent_once_by_the_process_that_delivers(admin: Caller) -> None:
    webhook_id = (await made(admin))["webhook"]["id"]
    told = (await admin(TEST, id=webhook_id, send=True))["testWebhook"]
    delivery = told["delivery"]
    assert (delivery["status"], delivery["isTest"]) == ("PENDING", True)
    data = await admin("query($id: ID!) { node(id: $id) { ... on WebhookDelivery { body } } }",
                       id=delivery["id"])  # fmt: skip
    assert data["node"] == {"body": told["request"]["body"]}


DELETE = """mutation($id: ID!, $dry: Boolean = false) {
  deleteWebhook(input: {id: $id, dryRun: $dry}) {
    webhook { id } waiting logged userErrors { code } } }"""


async def test_a_deleted_webhook_takes_its_log_along(alice: Caller, admin: Caller) -> None:
    webhook_id = (await made(admin))["webhook"]["id"]
    await admin(TEST, id=webhook_id, send=True)
    expected = {"webhook": {"id": webhook_id}, "waiting": 1, "logged": 1, "userErrors": []}
    assert (await admin(DELETE, id=webhook_id, dry=True))["deleteWebhook"] == expected
    assert await admin.store.mongo.webhooks.find(webhook_id)
    assert (await admin(DELETE, id=webhook_id))["deleteWebhook"] == expected
    mongo = admin.store.mongo
    for collection in (mongo.webhooks, mongo.webhook_progress, mongo.webhook_deliveries):
        assert await collection.count({}) == 0
    (error,) = (await admin(DELETE, id=webhook_id))["deleteWebhook"]["userErrors"]
    assert error == {"code": "NOT_FOUND"}


async def test_requests_side_by_side_make_no_more_than_are_allowed(admin: Caller) -> None:
    answers = await asyncio.gather(*(made(admin) for _ in range(MAX_WEBHOOKS + 5)))
    assert sum(answer["secret"] is not None for answer in answers) == MAX_WEBHOOKS
    assert await admin.store.mongo.webhooks.count({}) == MAX_WEBHOOKS
