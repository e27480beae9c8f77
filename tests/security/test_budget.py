"""Threats to a shared server: callers who ask for more than their share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from store.accounts.throttle import PER_ACCOUNT, PER_ADDRESS
from store.records.account import Role, Scope
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.server.conftest import PASSWORD, Site, serving, talking

CAPACITY = 500
BOUNDS = {
    "user_points": CAPACITY, "user_points_per_s": 1, "key_points": 200, "key_points_per_s": 1,
}  # fmt: skip
JOBS = "query($n: Int!) { jobs(first: $n) { nodes { id dataset { id } } } }"
RATE = "{ rateLimit { capacity available refillPerSecond fullAt } }"
FOLLOW = "subscription($id: ID!) { jobEvents(id: $id) { __typename } }"
NEWER = "application/graphql-response+json"


@pytest.fixture(scope="module")
async def store(
    mongo_uri: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Store]:
    folder = tmp_path_factory.mktemp("bounded")
    async with open_store(make_settings(mongo_uri, redis_url, folder, **BOUNDS)) as opened:
        yield opened


@pytest.fixture(scope="module")
async def bounded(store: Store) -> AsyncIterator[Site]:
    """A server where hardly any points come back while a test runs."""
    async with serving(store.settings) as running:
        yield running


class Person:
    def __init__(self, site: Site, store: Store, name: str, id: str, token: str) -> None:
        self.site, self.store, self.name, self.id, self.token = site, store, name, id, token

    async def __call__(self, query: str, token: str = "", **variables: object) -> dict[str, Any]:
        response = await self.site.ask(query, token or self.token, **variables)
        answer: dict[str, Any] = response.json()
        return answer | {"status": response.status_code, "headers": response.headers}

    async def spend(self, left: int) -> None:
        """All points but so many."""
        viewer, budget = await self.store.accounts.authenticate(self.token), self.store.budget
        there = await budget.take(viewer, 0)
        assert there is not None
        await budget.take(viewer, there.available - left)
        await budget.close()  # what it took along goes back at once


@pytest.fixture
async def ann(bounded: Site, store: Store, request: pytest.FixtureRequest) -> Person:
    name = f"{request.node.name[-60:].replace('_', '-')}@example.org"
    user = await store.accounts.create_user(name, "Ann", Role.USER, PASSWORD)
    token = (await bounded.sign_in(name))["accessToken"]
    return Person(bounded, store, name, user.id, token)


# -- what is told ---------------------------------------------------------------------------------


async def test_every_answer_tells_its_cost(ann: Person) -> None:
    cost = (await ann(JOBS, n=100))["extensions"]["cost"]
    assert (cost["requested"], cost["actual"]) == (200, 1)  # there is no job
    assert (cost["capacity"], cost["refillPerSecond"]) == (CAPACITY, 1)
    assert CAPACITY - 3 <= cost["available"] < CAPACITY


async def test_strangers_are_told_nothing_of_budgets(bounded: Site) -> None:
    for query in (RATE, "{ __typename }"):
        assert "extensions" not in (await bounded.ask(query)).json()


async def test_what_is_left_can_be_asked(ann: Person) -> None:
    await ann.spend(300)
    told = (await ann(RATE))["data"]["rateLimit"]
    assert (told["capacity"], told["refillPerSecond"]) == (CAPACITY, 1)
    assert 290 < told["available"] <= 300


# -- who asks too much ----------------------------------------------------------------------------


async def test_a_flood_of_dear_queries_is_stopped(ann: Person) -> None:
    await ann.spend(100)
    refused = await ann(JOBS, n=100)
    assert refused["status"] == 429
    (error,) = refused["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["retryable"] is True
    wait_s = error["extensions"]["retryAfter"]
    assert wait_s <= int(refused["headers"]["retry-after"]) < wait_s + 1
    assert 90 < wait_s <= 101
    assert "data" not in refused
    cost = refused["extensions"]["cost"]
    assert (cost["requested"], cost["actual"]) == (200, 0)
    assert (await ann("{ viewer { user { email } } }"))["status"] == 200  # cheap ones go on


async def test_unused_points_come_back(ann: Person) -> None:
    for _ in range(20):  # 200 points each are taken, and 199 given back
        assert (await ann(JOBS, n=100))["status"] == 200


async def test_a_page_size_in_a_variable_is_paid_for(ann: Person) -> None:
    hidden = "query($n: Int = 100) { jobs(first: $n) { nodes { id dataset { id } } } }"
    assert (await ann(hidden))["extensions"]["cost"]["requested"] == 200
    assert (await ann(hidden, n=5))["extensions"]["cost"]["requested"] == 10


async def test_what_could_never_be_paid_is_refused_for_good(ann: Person) -> None:
    nested = (
        "{ datasets(first: 100) { nodes { versions(first: 100) { nodes { id job { id } } } } } }"
    )
    refused = await ann(nested)
    (error,) = refused["errors"]
    assert error["extensions"]["code"] == "TOO_EXPENSIVE"
    assert "retryAfter" not in error["extensions"]
    assert "20,100 points" in error["message"]
    assert "retry-after" not in refused["headers"]
    body = {"query": nested}
    headers = {"authorization": f"Bearer {ann.token}", "accept": NEWER}
    assert (await ann.site.http.post("/graphql", json=body, headers=headers)).status_code == 400


async def test_aliases_and_fragments_do_not_hide_a_price(ann: Person) -> None:
    aliases = " ".join(f"a{n}: jobs(first: 20) {{ nodes {{ id }} }}" for n in range(10))
    assert (await ann(f"{{ {aliases} }}"))["extensions"]["cost"]["requested"] == 200
    spread = "{ %s } fragment f on Job { dataset { id } }"
    fields = " ".join(f"a{n}: jobs(first: 9) {{ nodes {{ ...f }} }}" for n in range(10))
    assert (await ann(spread % fields))["extensions"]["cost"]["requested"] == 180


async def test_texts_for_a_model_are_paid_for_though_no_answer_is_selected(ann: Person) -> None:
    query = "query($i: PredictInput!) { predict(input: $i) { userErrors { code } } }"
    answer = await ann(query, i={"model": "nothing", "texts": ["a"] * 64})
    assert answer["extensions"]["cost"]["requested"] == 65


async def test_requests_side_by_side_do_not_pass_together(ann: Person) -> None:
    mutation = 'mutation { signOut(input: {sessionId: "ses_x"}) { userErrors { code } } }'
    await ann.spend(55)  # five at 10 points
    answers = await asyncio.gather(*(ann(mutation) for _ in range(15)))
    assert sum(each["status"] == 200 for each in answers) == 5
    assert sum(each["status"] == 429 for each in answers) == 10


async def test_documents_that_are_refused_cost_something(ann: Person) -> None:
    await ann.spend(3)
    statuses = [(await ann("{ nothing }"))["status"] for _ in range(8)]
    assert 429 in statuses


async def test_a_program_does_not_use_up_its_owners_points(ann: Person) -> None:
    _, key = await ann.store.accounts.create_api_key(ann.id, "greedy", {Scope.READ})
    viewer = await ann.store.accounts.authenticate(key)
    await ann.store.budget.take(viewer, 200)
    assert (await ann(JOBS, key, n=50))["status"] == 429
    assert (await ann(JOBS, n=50))["status"] == 200


async def test_many_keys_have_no_more_than_their_owner(ann: Person) -> None:
    for number in range(3):
        _, key = await ann.store.accounts.create_api_key(ann.id, f"key {number}", {Scope.READ})
        viewer = await ann.store.accounts.authenticate(key)
        taken = 200 if number < 2 else 90
        assert await ann.store.budget.take(viewer, taken)
    _, another = await ann.store.accounts.create_api_key(ann.id, "another", {Scope.READ})
    assert (await ann(JOBS, another, n=50))["status"] == 429


async def test_a_socket_pays_for_what_it_asks(ann: Person) -> None:
    await ann.spend(100)
    async with talking(ann.site, ann.token) as talk:
        payload = {"query": JOBS, "variables": {"n": 100}}
        await talk.send(type="subscribe", id="1", payload=payload)
        message = await talk.receive()
        assert message["type"] == "error"
        (error,) = message["payload"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert error["extensions"]["retryAfter"] > 90
        await talk.send(type="subscribe", id="2", payload={"query": "{ __typename }"})
        message = await talk.receive()
        assert message["payload"]["extensions"]["cost"]["requested"] == 1


async def test_a_subscription_pays_when_it_starts(ann: Person) -> None:
    texts = {"model": "nothing", "texts": ["a"] * 150}
    stream = "subscription($i: PredictStreamInput!) { predictStream(input: $i) { __typename } }"
    await ann.spend(100)
    async with talking(ann.site, ann.token) as talk:
        payload = {"query": stream, "variables": {"i": texts}}
        await talk.send(type="subscribe", id="1", payload=payload)
        message = await talk.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_an_event_stream_pays_when_it_starts(ann: Person) -> None:
    await ann.spend(1)
    headers = {"authorization": f"Bearer {ann.token}", "accept": "text/event-stream"}
    body = {"query": FOLLOW, "variables": {"id": "job_x"}}
    for _ in range(4):
        response = await ann.site.http.post("/graphql", json=body, headers=headers)
        events = [
            orjson.loads(line.removeprefix("data: "))
            for line in response.text.splitlines()
            if line.startswith("data: {")
        ]
        codes = [error["extensions"]["code"] for event in events for error in event["errors"]]
        if codes == ["RATE_LIMITED"]:
            return
    pytest.fail("it was never refused")


async def test_an_answer_of_another_document_is_not_paid_for_twice(ann: Person) -> None:
    two = "query a { __typename } query b { jobs(first: 100) { nodes { id } } }"
    body = {"query": two, "operationName": "a"}
    headers = {"authorization": f"Bearer {ann.token}"}
    answer = (await ann.site.http.post("/graphql", json=body, headers=headers)).json()
    assert answer["extensions"]["cost"]["requested"] == 1


async def test_readers_go_on_while_redis_is_away(
    mongo_uri: str, redis_url: str, tmp_path: Path
) -> None:
    settings = make_settings(mongo_uri, redis_url, tmp_path)
    async with open_store(settings) as store:
        user = await store.accounts.create_user("a@example.org", "A", Role.USER, PASSWORD)
        _, key = await store.accounts.create_api_key(user.id, "k", {Scope.READ})
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with serving(away) as site:
        for _ in range(3):
            response = await site.ask("{ viewer { user { email } } }", key)
            assert response.status_code == 200
            assert response.json()["data"] == {"viewer": {"user": {"email": "a@example.org"}}}
            assert "cost" not in response.json().get("extensions", {})


# -- guessing -------------------------------------------------------------------------------------


def sign_ins(name: str, count: int) -> str:
    one = 'a%d: signIn(input: {email: "%s", password: "wrong %d"}) { userErrors { code } }'
    return "mutation {{ {} }}".format(" ".join(one % (n, name, n) for n in range(count)))


async def test_each_alias_of_a_sign_in_counts_as_a_try(ann: Person) -> None:
    answers = (await ann.site.ask(sign_ins(ann.name, 20))).json()["data"].values()
    codes = [error["code"] for answer in answers for error in answer["userErrors"]]
    assert codes == ["DENIED"] * PER_ACCOUNT.tries + ["THROTTLED"] * (20 - PER_ACCOUNT.tries)
    refused = await ann.site.sign_in(ann.name)  # the right password comes too late
    assert [error["code"] for error in refused["userErrors"]] == ["THROTTLED"]  # type: ignore[index]


async def test_each_alias_of_a_refresh_counts_as_a_try(ann: Person) -> None:
    made = (await ann.site.sign_in(ann.name))["refreshToken"]
    one = "a%d: refreshSession(input: {refreshToken: $t}) { userErrors { code } }"
    document = "mutation($t: String!) {{ {} }}".format(" ".join(one % n for n in range(20)))
    answers = (await ann.site.ask(document, t=made)).json()["data"].values()
    codes = [error["code"] for answer in answers for error in answer["userErrors"]]
    # the first is right and starts anew; the second ends the session
    assert len(codes) == 19
    assert codes == ["DENIED"] * PER_ACCOUNT.tries + ["THROTTLED"] * (19 - PER_ACCOUNT.tries)


async def test_made_up_refresh_tokens_count_against_their_sender_alone(
    store: Store, ann: Person
) -> None:
    accounts, address = store.accounts, "192.0.2.77"
    made = await accounts.sign_in(ann.name, PASSWORD)
    forged = f"{made.session.id}.guess.{'0' * 64}"
    codes = []
    for _ in range(PER_ADDRESS.tries + 5):
        try:
            await accounts.refresh(forged, address)
        except Exception as error:
            codes.append(getattr(error, "code", repr(error)))
    assert codes == ["DENIED"] * PER_ADDRESS.tries + ["THROTTLED"] * 5
    await accounts.refresh(made.refresh_token, "192.0.2.78")  # its owner goes on
