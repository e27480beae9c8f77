"""Threats by API keys: those that do more than they were made for, and those that got lost."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from graphql import build_schema, parse

from schema.documents.deprecations import deprecated_in, reason_of, removal_of
from schema.root import schema
from store.clock import now
from store.errors import Denied, IllegalMove, Throttled
from store.limits.usage import LAST_USE_STEP
from store.records.account import ApiKey, LastUse, Role, Scope
from store.records.model import ModelVersion
from store.records.viewer import Viewer
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import trained
from tests.schema.test_trash import _answer, idle
from tests.server.conftest import PASSWORD, Site

CREATE = """mutation($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    key apiKey { id scopes modelIds budget { points predictions } warning }
    userErrors { __typename code path message }
  }
}"""
ROTATE = """mutation($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) {
    key apiKey { id previousUntil expiresAt } userErrors { code path message }
  }
}"""
VIEWER = "{ viewer { apiKey { id warning lastUse { address userAgent } } } }"


@pytest.fixture
async def ann(store: Store) -> Caller:
    """Somebody who has signed in."""
    await store.accounts.create_user("ann@example.org", "Ann", Role.USER, PASSWORD)
    signed_in = await store.accounts.sign_in("ann@example.org", PASSWORD)
    return Caller(store, await store.accounts.authenticate(signed_in.access_token))


async def key_of(ann: Caller, **more: Any) -> tuple[str, Caller]:
    """A new key's secret, and a program that uses it."""
    made = await ann(CREATE, input={"name": "k", "scopes": ["READ", "PREDICT"], **more})
    assert made["createApiKey"]["userErrors"] == []
    key = made["createApiKey"]["key"]
    return key, await program(ann.store, key)


async def program(store: Store, key: str) -> Caller:
    return Caller(store, await store.accounts.authenticate(key))


# -- scopes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "more", "field"),
    [
        (["ADMIN"], {}, "scopes"),
        ([], {}, "scopes"),
        (["READ"], {"modelIds": []}, "modelIds"),
        (["READ"], {"budget": {"points": 0}}, "points"),
        (["READ"], {"budget": {"predictions": -1}}, "predictions"),
    ],
)
async def test_a_key_that_asks_for_too_much(
    ann: Caller, scopes: list[str], more: dict[str, Any], field: str
) -> None:
    refused = await ann(CREATE, input={"name": "k", "scopes": scopes, **more})
    (error,) = refused["createApiKey"]["userErrors"]
    assert error["code"] == "BAD_USER_INPUT"
    assert error["path"][-1] == field
    assert await ann.store.mongo.api_keys.count({}) == 0


async def test_a_stolen_key_that_makes_another_key(ann: Caller) -> None:
    _, thief = await key_of(ann, scopes=["READ", "PREDICT", "WRITE"])
    own = (await thief(VIEWER))["viewer"]["apiKey"]["id"]
    for query in (
        'mutation { createApiKey(input: {name: "k", scopes: [READ]}) { key } }',
        f'mutation {{ rotateApiKey(input: {{id: "{own}"}}) {{ key }} }}',
        f'mutation {{ revokeApiKey(input: {{id: "{own}"}}) {{ apiKey {{ id }} }} }}',
        "mutation { signOutEverywhere { user { id } } }",
    ):
        assert await thief.codes(query) == ["FORBIDDEN"]
    assert await ann.store.mongo.api_keys.count({"revoked_at": None}) == 1


async def test_a_secret_that_is_shown_again_to_who_asks_twice(ann: Caller) -> None:
    asked = {"name": "k", "scopes": ["READ"], "idempotencyKey": "once"}
    first = (await ann(CREATE, input=asked))["createApiKey"]
    again = (await ann(CREATE, input=asked))["createApiKey"]
    assert first["key"] is not None
    assert again == {**first, "key": None}
    assert len(await ann.store.mongo.api_keys.all_by({"user_id": ann.id}, 10)) == 1
    other = (await ann(CREATE, input={**asked, "scopes": ["READ", "PREDICT"]}))["createApiKey"]
    assert [each["code"] for each in other["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_a_secret_of_a_server_that_died_before_it_was_told(
    ann: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = type(ann.store.mongo.api_keys).insert

    async def dying(self: Any, record: Any) -> Any:
        await insert(self, record)
        raise RuntimeError("the machine is gone")

    asked = {"name": "k", "scopes": ["READ"], "idempotencyKey": "once"}
    with monkeypatch.context() as patch:
        patch.setattr(type(ann.store.mongo.api_keys), "insert", dying)
        assert await ann.codes(CREATE, input=asked) == ["INTERNAL"]
    again = (await ann(CREATE, input=asked))["createApiKey"]
    assert (again["key"], again["userErrors"]) == (None, [])
    assert len(await ann.store.mongo.api_keys.all_by({"user_id": ann.id}, 10)) == 1


async def test_somebody_elses_key_that_one_rotates_revokes_or_reads(
    ann: Caller, store: Store
) -> None:
    key, _ = await key_of(ann)
    (record,) = await store.mongo.api_keys.all_by({}, 10)
    await store.accounts.create_user("bob@example.org", "Bob", Role.ADMIN, PASSWORD)
    signed_in = await store.accounts.sign_in("bob@example.org", PASSWORD)
    bob = Caller(store, await store.accounts.authenticate(signed_in.access_token))
    rotated = await bob(ROTATE, input={"id": record.id})
    assert [e["code"] for e in rotated["rotateApiKey"]["userErrors"]] == ["NOT_FOUND"]
    revoke = "mutation($id: ID!) { revokeApiKey(input: {id: $id}) { userErrors { code } } }"
    assert (await bob(revoke, id=record.id))["revokeApiKey"]["userErrors"] == [
        {"code": "NOT_FOUND"}
    ]
    assert await bob("query($id: ID!) { node(id: $id) { id } }", id=record.id) == {"node": None}
    await store.accounts.authenticate(key)


# -- keys for some models -------------------------------------------------------------------------


@dataclass(frozen=True)
class Bound:
    """A key for one of Ann's two models, and what is the other's."""

    program: Caller
    mine: ModelVersion
    other: ModelVersion


@pytest.fixture
async def bound(ann: Caller) -> Bound:
    store = ann.store
    _, mine = await trained(ann, "mine")
    _, other = await trained(ann, "other")
    await idle(store)
    for version in (mine, other):
        await store.models.publish(version.model_id, version.id, ann.id)
        await store.mongo.predictions.insert(
            replace(_answer(version, ann.id), id=f"prd_{version.model_id[4:]}")
        )
    _, caller = await key_of(ann, modelIds=[mine.model_id])
    return Bound(caller, mine, other)


def ids_of(version: ModelVersion) -> list[str]:
    return [
        version.dataset_id, version.dataset_version_id, version.model_id, version.id,
        version.job_id, f"prd_{version.model_id[4:]}",
    ]  # fmt: skip


async def test_a_key_for_one_model_reaches_another_by_its_id(bound: Bound, ann: Caller) -> None:
    wanted = [*ids_of(bound.other), ann.id]
    nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    found = (await bound.program(nodes, ids=wanted))["nodes"]
    assert found[:-1] == [None] * 6
    assert None not in (await ann(nodes, ids=wanted))["nodes"]  # they are there
    own = (await bound.program(nodes, ids=ids_of(bound.mine)))["nodes"]
    of_own = bound.mine
    assert [node and node["id"] for node in own] == [
        None, None, of_own.model_id, of_own.id, of_own.job_id, f"prd_{of_own.model_id[4:]}",
    ]  # fmt: skip


async def test_a_key_for_one_model_lists_others(bound: Bound) -> None:
    lists = {
        "models": bound.mine.model_id,
        "jobs": bound.mine.job_id,
        "predictions": f"prd_{bound.mine.model_id[4:]}",
    }
    for field, own in lists.items():
        found = (await bound.program(f"{{ {field} {{ totalCount nodes {{ id }} }} }}"))[field]
        assert found == {"totalCount": 1, "nodes": [{"id": own}]}, field
    for field in ("datasets", "trash", "bulkPredictions"):
        found = await bound.program(f"{{ {field} {{ totalCount }} }}")
        assert found[field] == {"totalCount": 0}, field
    for field, argument in (("jobs", "modelId"), ("predictions", "modelId")):
        query = f'{{ {field}(filter: {{{argument}: "{bound.other.model_id}"}}) {{ totalCount }} }}'
        assert (await bound.program(query))[field] == {"totalCount": 0}, field


async def test_a_key_for_one_model_asks_another(bound: Bound) -> None:
    other = bound.other
    for model in ("other", other.model_id, other.id, "no such model"):
        predict = 'query($m: String!) { predict(input: {model: $m, texts: ["a"]}) { userErrors { code } } }'  # noqa: E501
        asked = await bound.program(predict, m=model)
        assert asked["predict"]["userErrors"] == [{"code": "NOT_FOUND"}], model
        explain = predict.replace("predict(", "explain(")
        assert (await bound.program(explain, m=model))["explain"]["userErrors"][0]["code"] == (
            "NOT_FOUND"
        )
    stream = 'subscription($m: String!) { predictStream(input: {model: $m, texts: ["a"]}) { __typename } }'  # noqa: E501
    results = [each async for each in bound.program.raw(stream, m="other")]
    assert [e.extensions["code"] for e in results[0].errors] == ["NOT_FOUND"]


async def test_a_key_for_one_model_reaches_data_sets(bound: Bound) -> None:
    direct = "query($id: ID!) { dataset(id: $id) { id } }"
    for version in (bound.mine, bound.other):
        assert await bound.program(direct, id=version.dataset_id) == {"dataset": None}
    ways = "query($id: ID!) { model(id: $id) { versions { nodes { dataset { id } datasetVersion { id } } } } }"  # noqa: E501
    found = await bound.program(ways, id=bound.mine.model_id)
    assert found["model"]["versions"]["nodes"] == [{"dataset": None, "datasetVersion": None}]


async def test_a_key_for_one_model_follows_others(bound: Bound) -> None:
    events = "query($id: ID!) { events(subjectId: $id) { nodes { kind } } }"
    own = await bound.program(events, id=bound.mine.model_id)
    assert own["events"]["nodes"] != []
    feeds = {
        "subscription($id: ID!) { modelEvents(id: $id) { __typename } }": bound.other.model_id,
        "subscription($id: ID!) { jobEvents(id: $id) { __typename } }": bound.other.job_id,
        "subscription($id: ID!) { datasetEvents(id: $id) { __typename } }": bound.other.dataset_id,
    }
    for feed, identifier in feeds.items():
        assert await bound.program.codes(events, id=identifier) == ["NOT_FOUND"]
        async with aclosing(bound.program.raw(feed, id=identifier)) as results:
            first = await anext(results)
        assert [e.extensions["code"] for e in first.errors] == ["NOT_FOUND"], feed
    async with aclosing(bound.program.raw("subscription { activity { __typename } }")) as results:
        first = await anext(results)
    assert [e.extensions["code"] for e in first.errors] == ["FORBIDDEN"]


async def test_a_key_for_one_model_reads_its_owners_keys_and_sessions(bound: Bound) -> None:
    query = "{ viewer { apiKeys { nodes { id } } sessions { totalCount } apiKey { id } } }"
    viewer = (await bound.program(query))["viewer"]
    assert viewer["apiKeys"]["nodes"] == [viewer["apiKey"]]
    assert viewer["sessions"] == {"totalCount": 0}


async def test_a_key_for_one_model_that_may_write(ann: Caller) -> None:
    _, version = await trained(ann)
    made = await ann(
        CREATE, input={"name": "k", "scopes": ["WRITE"], "modelIds": [version.model_id]}
    )
    assert [e["path"] for e in made["createApiKey"]["userErrors"]] == [["input", "scopes"]]


async def test_a_key_for_a_model_that_its_owner_does_not_see(ann: Caller, bob: Caller) -> None:
    _, version = await trained(bob)
    for identifier in (version.model_id, "mdl_01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        made = await ann(CREATE, input={"name": "k", "scopes": ["READ"], "modelIds": [identifier]})
        assert [e["code"] for e in made["createApiKey"]["userErrors"]] == ["NOT_FOUND"]


async def test_an_admins_key_for_one_model_is_an_admin(store: Store) -> None:
    user = await store.accounts.create_user("root@example.org", "Root", Role.ADMIN, PASSWORD)
    viewer = Viewer(user, frozenset(Scope), api_key_id="key_1", model_ids=frozenset({"mdl_1"}))
    assert not viewer.is_admin


async def test_every_list_that_a_key_for_one_model_may_ask(bound: Bound) -> None:
    """Whatever root field a key may use: nothing of the other model comes back by it."""
    foreign = [*ids_of(bound.other), bound.mine.dataset_id, bound.mine.dataset_version_id]
    tried = 0
    for name, field in schema.graphql.type_map["Query"].fields.items():
        needs = [
            a for a in field.args.values() if str(a.type).endswith("!") and a.default_value is None
        ]
        if "first" not in field.args or needs:
            continue
        result = await schema.execute(
            f"{{ {name} {{ nodes {{ ...on Node {{ id }} }} }} }}", {}, bound.program.context()
        )
        assert not set(foreign) & set(str(result.data).replace("'", " ").split()), name
        tried += 1
    assert tried >= 8


# -- budgets --------------------------------------------------------------------------------------


async def test_a_key_that_asks_more_than_its_budget_of_predictions(ann: Caller) -> None:
    _, caller = await key_of(ann, budget={"predictions": 5})
    usage, viewer = ann.store.usage, caller.viewer
    assert viewer is not None
    await usage.spend_predictions(viewer, 3)
    with pytest.raises(Throttled) as refused:
        await usage.spend_predictions(viewer, 3)
    assert 0 < refused.value.retry_after_s <= 24 * 3600
    await usage.spend_predictions(viewer, 2)
    _, version = await trained(ann)
    predict = 'query($m: String!) { predict(input: {model: $m, texts: ["a"]}) { userErrors { __typename code } } }'  # noqa: E501
    assert (await caller(predict, m=version.id))["predict"]["userErrors"] == [
        {"__typename": "QuotaError", "code": "THROTTLED"}
    ]
    bulk = "mutation($m: String!, $v: ID!) { predictInBulk(input: {model: $m, datasetVersionId: $v}) { userErrors { code } } }"  # noqa: E501
    found = await caller(bulk, m=version.id, v=version.dataset_version_id)
    assert found["predictInBulk"]["userErrors"] == [{"code": "DENIED"}]


async def test_twins_that_spend_the_same_rest_of_a_budget(ann: Caller) -> None:
    _, caller = await key_of(ann, budget={"points": 10})
    assert caller.viewer is not None
    spends = (ann.store.usage.spend_points(caller.viewer, 3) for _ in range(10))
    outcomes = await asyncio.gather(*spends, return_exceptions=True)
    assert [isinstance(each, Throttled) for each in outcomes].count(False) == 3
    (today,) = await ann.store.usage.of_key(caller.viewer.api_key_id or "", 1)
    assert today.points == 9


# -- rotation, expiry, revocation -----------------------------------------------------------------


async def test_a_rotated_secret_that_goes_on_for_ever(ann: Caller) -> None:
    old, caller = await key_of(ann)
    assert caller.viewer is not None
    key_id, accounts = caller.viewer.api_key_id, ann.store.accounts
    rotated = (await ann(ROTATE, input={"id": key_id, "overlapHours": 1}))["rotateApiKey"]
    new = rotated["key"]
    for secret in (old, new):
        assert (await accounts.authenticate(secret)).api_key_id == key_id
    ends = (await accounts.authenticate(old)).expires_at
    assert ends is not None
    assert timedelta(minutes=59) < ends - now() <= timedelta(hours=1)
    assert (await accounts.authenticate(new)).expires_at is None
    # another rotation at once: the first secret has had its time
    last = (await ann(ROTATE, input={"id": key_id, "overlapHours": 0}))["rotateApiKey"]["key"]
    for dead in (old, new):
        with pytest.raises(Denied):
            await accounts.authenticate(dead)
    assert (await accounts.authenticate(last)).api_key_id == key_id


async def test_a_rotation_that_revives_a_key(ann: Caller) -> None:
    _, caller = await key_of(ann)
    assert caller.viewer is not None
    await ann.store.accounts.revoke_api_key(caller.viewer.api_key_id or "")
    rotated = await ann(ROTATE, input={"id": caller.viewer.api_key_id})
    assert [e["code"] for e in rotated["rotateApiKey"]["userErrors"]] == ["ILLEGAL_MOVE"]
    for hours in (-1, 169):
        bad = await ann(ROTATE, input={"id": caller.viewer.api_key_id, "overlapHours": hours})
        assert bad["rotateApiKey"]["userErrors"][0]["path"] == ["input", "overlapHours"]


async def test_a_revoked_key_whose_old_secret_lives_on(ann: Caller) -> None:
    old, caller = await key_of(ann)
    assert caller.viewer is not None
    key_id = caller.viewer.api_key_id
    new = (await ann(ROTATE, input={"id": key_id}))["rotateApiKey"]["key"]
    revoke = "mutation($id: ID!) { revokeApiKey(input: {id: $id}) { userErrors { code } } }"
    await ann(revoke, id=key_id)
    for secret in (old, new):
        with pytest.raises(Denied):
            await ann.store.accounts.authenticate(secret)


def test_a_key_that_ends_without_a_warning() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    key = ApiKey("key_1", "usr_1", "k", (Scope.READ,), "h", at)
    assert key.warning(at) is None
    told = {
        timedelta(days=15): None,
        timedelta(days=13): "this key ends in 13 days; rotate it",
        timedelta(hours=5): "this key ends within a day; rotate it",
        timedelta(0): None,
    }
    for left, warning in told.items():
        assert replace(key, expires_at=at + left).warning(at) == warning
    with pytest.raises(IllegalMove):
        replace(key, expires_at=at).rotated("h2", at, timedelta(hours=1), None)


async def test_a_program_is_warned_by_a_header(
    site: Site, store: Store, accounts: Any, user_token: str
) -> None:
    user = (await accounts.authenticate(user_token)).user
    ends = now().replace(microsecond=0) + timedelta(days=3)
    _, soon = await accounts.create_api_key(user.id, "soon", [Scope.READ], ends)
    _, later = await accounts.create_api_key(
        user.id, "later", [Scope.READ], ends + timedelta(days=30)
    )
    answer = await site.ask(VIEWER, soon)
    assert answer.headers["shoal-key-expires"] == ends.isoformat().replace("+00:00", "Z")
    assert "ends in 2 days" in answer.json()["data"]["viewer"]["apiKey"]["warning"]
    for token in (later, user_token):
        assert "shoal-key-expires" not in (await site.ask(VIEWER, token)).headers


# -- what a key did -------------------------------------------------------------------------------


async def test_what_a_key_did_is_counted_by_day(site: Site, accounts: Any, user_token: str) -> None:
    user = (await accounts.authenticate(user_token)).user
    _, key = await accounts.create_api_key(user.id, "counted", [Scope.READ])
    ask = {"authorization": f"Bearer {key}", "user-agent": "a partner's program"}
    for query in ("{ viewer { user { id } } }", "{ viewer { user { id } } }", "{ nonsense }"):
        await site.http.post("/graphql", json={"query": query}, headers=ask)
    usage = """{ viewer { apiKey {
      lastUse { address userAgent } usage(lastDays: 2) { day requests points predictions errors }
    } } }"""
    async with asyncio.timeout(60):
        while True:
            answer = await site.http.post("/graphql", json={"query": usage}, headers=ask)
            found = answer.json()["data"]["viewer"]["apiKey"]
            today, yesterday = found["usage"]
            if today["requests"] >= 3 and found["lastUse"]:
                break
            await asyncio.sleep(0.2)
    assert today["day"] == now().date().isoformat()
    assert today["errors"] == 1
    assert today["points"] >= today["requests"]
    assert yesterday["requests"] == 0
    assert found["lastUse"] == {"address": "127.0.0.1", "userAgent": "a partner's program"}
    for days in (0, 91):
        bad = await site.ask(usage.replace("2", str(days)), key)
        assert bad.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_counts_that_are_lost_at_an_orderly_stop(ann: Caller) -> None:
    _, caller = await key_of(ann)
    assert caller.viewer is not None
    key_id, usage = caller.viewer.api_key_id or "", ann.store.usage
    async with usage.flushing():
        for _ in range(100):
            usage.count(caller.viewer, requests=1, points=2)
        usage.note_use(caller.viewer, "192.0.2.1", "x" * 1_000)
    (today,) = await usage.of_key(key_id, 1)
    assert (today.requests, today.points) == (100, 200)
    last = (await ann.store.mongo.api_keys.get(key_id)).last_use
    assert last is not None
    assert (last.address, last.user_agent) == ("192.0.2.1", "x" * 200)


async def test_a_busy_key_is_written_once_a_minute(ann: Caller) -> None:
    _, caller = await key_of(ann)
    assert caller.viewer is not None
    key_id, usage = caller.viewer.api_key_id or "", ann.store.usage
    usage.note_use(caller.viewer, "192.0.2.1", "first")
    await usage.flush(LAST_USE_STEP)
    first = await ann.store.mongo.api_keys.get(key_id)
    for n in range(20):
        usage.note_use(caller.viewer, "192.0.2.1", str(n))
        await usage.flush(LAST_USE_STEP)
    assert await ann.store.mongo.api_keys.get(key_id) == first
    await usage.flush()
    last = (await ann.store.mongo.api_keys.get(key_id)).last_use
    assert last is not None
    assert last.user_agent == "19"
    earlier = LastUse(now() - timedelta(hours=1))
    assert first.used(earlier) == first  # of another server that was slower


# -- what is deprecated ---------------------------------------------------------------------------

OLD = build_schema("""
  type Query {
    a: Int @deprecated(reason: "Gone on 2027-01-31; use `b`.")
    b(old: Int @deprecated(reason: "use new"), new: In): Int
    c(colour: Colour): Query
  }
  input In { x: Int @deprecated(reason: "from 2027-13-45"), y: [In!] }
  enum Colour { RED, ROT @deprecated(reason: "Use RED.") }
""")


@pytest.mark.parametrize(
    ("document", "variables", "named"),
    [
        ("{ b }", None, set()),
        ("{ a x: a }", None, {"Query.a"}),
        ("{ ...F } fragment F on Query { c { a } }", None, {"Query.a"}),
        ("{ b(old: 1) }", None, {"Query.b(old:)"}),
        ("{ b(new: {y: [{x: 1}]}) }", None, {"In.x"}),
        ("{ c(colour: ROT) { b } }", None, {"Colour.ROT"}),
        ("{ c(colour: RED) { b @include(if: true) } }", None, set()),
        ("query($n: In) { b(new: $n) }", {"n": {"y": [{"x": 1}]}}, {"In.x"}),
        ("query($n: In) { b(new: $n) }", {"n": {"y": "not a list of In"}}, set()),
        ("query($n: In) { b(new: $n) }", None, set()),
        ("query($c: Colour = ROT) { c(colour: $c) { b } }", {"c": "RED"}, {"Colour.ROT"}),
        ("query($c: Colour) { c(colour: $c) { b } }", {"c": "ROT"}, {"Colour.ROT"}),
    ],
)
def test_what_is_deprecated_is_found_in_documents(
    document: str, variables: dict[str, Any] | None, named: set[str]
) -> None:
    assert deprecated_in(OLD, parse(document)).named(variables) == named


def test_the_date_of_removal_is_read_from_the_reason() -> None:
    assert removal_of(reason_of(OLD, "Query.a")) == date(2027, 1, 31)
    assert removal_of(reason_of(OLD, "In.x")) is None  # no such day
    assert removal_of(reason_of(OLD, "Query.b(old:)")) is None
    assert reason_of(OLD, "Query.gone") is None


async def test_whoever_uses_what_is_deprecated_is_told(ann: Caller) -> None:
    assert ann.viewer is not None
    usage = ann.store.usage
    usage.note_deprecated(ann.viewer, {"Query.gone"})
    usage.note_deprecated(ann.viewer, {"Query.gone"})
    await usage.flush()
    query = """{ viewer { deprecatedFieldsIUse(lastDays: 7) {
      coordinate reason removedOn days { day count }
    } } }"""
    assert (await ann(query))["viewer"]["deprecatedFieldsIUse"] == [
        {
            "coordinate": "Query.gone", "reason": None, "removedOn": None,
            "days": [{"day": now().date().isoformat(), "count": 2}],
        }
    ]  # fmt: skip


async def test_a_partner_who_hears_too_late_what_goes_away(
    site: Site, accounts: Any, user_token: str
) -> None:
    user = (await accounts.authenticate(user_token)).user
    _, key = await accounts.create_api_key(user.id, "old", [Scope.READ])
    old = "{ viewer { apiKeys(first: 1) { nodes { lastUsedAt } } } }"
    for token in (key, key, user_token):
        assert "errors" not in (await site.ask(old, token)).json()
    query = """{ viewer { deprecatedFieldsIUse {
      coordinate reason removedOn days { count }
    } } }"""
    async with asyncio.timeout(60):
        while True:
            viewer = (await site.ask(query, user_token)).json()["data"]["viewer"]
            if viewer["deprecatedFieldsIUse"]:
                break
            await asyncio.sleep(0.2)
    (used,) = viewer["deprecatedFieldsIUse"]
    assert (used["coordinate"], used["removedOn"]) == ("ApiKey.lastUsedAt", "2027-12-01")
    assert "lastUse { at }" in used["reason"]
    assert sum(day["count"] for day in used["days"]) == 3
