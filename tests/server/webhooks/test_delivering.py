"""From an event to a receiver's door, with real sockets and TLS."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from aiohttp import web
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from server.webhooks import following
from server.webhooks.sending import PER_OWNER
from store import ids
from store.clock import now
from store.errors import IllegalMove
from store.records.account import Role, Scope
from store.records.delivery import Delivery, DeliveryStatus
from store.records.event import Event, EventKind, Topic
from store.records.job import JobStatus
from store.records.webhook import PATIENCE, OffReason
from store.store import Store
from store.webhooks import deliveries as store_deliveries
from store.webhooks.deliveries import MAX_TESTS, delivery_id
from tests.schema.conftest import Caller
from tests.schema.making import create
from tests.server.webhooks.conftest import Deliver, make
from tests.server.webhooks.receiver import Received, Receiver

MODELS = """subscription Model($id: ID!) { modelEvents(id: $id) {
  __typename ... on ActivityEvent { cursor kind message } ... on Gap { toCursor } } }"""
ALL = "subscription { activity { __typename ... on ActivityEvent { cursor message } } }"


async def broken(request: Received) -> web.StreamResponse:
    return web.Response(status=503)


async def happen(caller: Caller, message: str) -> Event:
    """Something about a model of the caller's, and of everybody's."""
    about = f"mdl_{caller.id.partition('_')[2]}"
    kind = EventKind.MODEL_CHANGED
    return await caller.store.events.append(
        Event(Topic.MODEL, kind, about, caller.id, now(), message)
    )


async def deliveries(store: Store, webhook_id: str) -> list[Delivery]:
    return await store.mongo.webhook_deliveries.all_by({"webhook_id": webhook_id}, 100)


async def until(store: Store, webhook_id: str, *statuses: DeliveryStatus) -> list[Delivery]:
    """The deliveries, once they have these statuses and were tried."""
    async with asyncio.timeout(60):
        while True:
            found = await deliveries(store, webhook_id)
            tried = [each for each in found if each.attempts]
            if [each.status for each in tried] == list(statuses):
                return tried
            await asyncio.sleep(0.02)


async def until_off(store: Store, webhook_id: str) -> OffReason:
    async with asyncio.timeout(60):
        while not (off := (await store.mongo.webhooks.get(webhook_id)).off):
            await asyncio.sleep(0.02)
    return off.reason


async def until_failing(store: Store, webhook_id: str, is_failing: bool) -> None:
    async with asyncio.timeout(60):
        progress = store.mongo.webhook_progress
        while bool((await progress.get(webhook_id)).failing_since) != is_failing:
            await asyncio.sleep(0.02)


async def due_now(store: Store, delivery: Delivery) -> None:
    """The wait before its next try is over."""
    await store.mongo.webhook_deliveries.amend(
        delivery.id, lambda kept: replace(kept, next_try_at=now())
    )


async def test_an_event_arrives_as_a_subscriber_gets_it(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url("/in?a=1"), ALL)
    async with deliver():
        event = await happen(admin, "something happened")
        (got,) = await receiver.until(1)
    verified = Verifier(made["secret"]).verify(got.body, got.headers)
    assert verified == {"data": {"activity": await subscriber(admin, event)}}
    assert got.path == "/in?a=1"
    assert got.headers["content-type"] == "application/json"
    (delivery,) = await until(admin.store, made["webhook"]["id"], DeliveryStatus.DELIVERED)
    assert (delivery.id, delivery.cursor, delivery.body) == (got.id, event.cursor, got.body)
    with pytest.raises(WebhookVerificationError):
        Verifier(made["secret"]).verify(got.body.replace("something", "anything"), got.headers)


async def subscriber(caller: Caller, event: Event) -> Any:
    """What a subscriber is told of the event."""
    ms = int(event.cursor.partition("-")[0])
    query = ALL.replace("activity", f'activity(after: "{ms - 1}-0")')
    async with aclosing(caller.follow(query)) as items:
        async for item in items:
            if item.get("cursor") == event.cursor and item["__typename"] == "ActivityEvent":
                return item


async def test_neither_snapshots_nor_heartbeats_are_sent(
    alice: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    payload = await create(alice)
    made = await make(
        alice, receiver.url(),
        "subscription($id: ID!) { datasetEvents(id: $id) { __typename } }",
        variables={"id": payload["dataset"]["id"]},
    )  # fmt: skip
    async with deliver():
        await asyncio.sleep(0.3)
        await alice.store.events.append(
            Event(
                Topic.DATASET, EventKind.DATASET_CHANGED, payload["dataset"]["id"], alice.id, now()
            )
        )
        await receiver.until(1)
        await asyncio.sleep(0.2)
    assert [orjson.loads(each.body)["data"]["datasetEvents"] for each in receiver.got] == [
        {"__typename": "ActivityEvent"}
    ]
    assert len(await deliveries(alice.store, made["webhook"]["id"])) == 1


async def test_nothing_is_lost_or_doubled_over_restarts(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    await make(admin, receiver.url(), ALL)
    async with deliver():
        await happen(admin, "one")
        await receiver.until(1)
    await happen(admin, "two")
    async with deliver():
        await happen(admin, "three")
        await receiver.until(3)
        await asyncio.sleep(0.2)
    told = [orjson.loads(each.body)["data"]["activity"]["message"] for each in receiver.got]
    assert sorted(told) == ["one", "three", "two"]


async def test_two_processes_deliver_each_event_once(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url(), ALL)
    async with deliver() as first, deliver() as second:
        for number in range(20):
            await happen(admin, str(number))
        await receiver.until(20)
        await asyncio.sleep(0.2)
        followed = [len(each._tasks) for each in (first, second)]
    assert sorted(followed) == [0, 1]
    assert len(receiver.got) == len({each.id for each in receiver.got}) == 20
    assert len(await deliveries(admin.store, made["webhook"]["id"])) == 20


async def test_an_event_gone_over_again_is_no_second_delivery(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url(), ALL)
    webhook_id, progress = made["webhook"]["id"], admin.store.mongo.webhook_progress
    before = await progress.get(webhook_id)
    async with deliver():
        await happen(admin, "one")
        await receiver.until(1)
        await until(admin.store, webhook_id, DeliveryStatus.DELIVERED)
    await progress.amend(webhook_id, lambda kept: replace(kept, cursor=before.cursor))
    async with deliver():
        await happen(admin, "two")
        await receiver.until(2)
        await asyncio.sleep(0.2)
    assert len(receiver.got) == 2


async def test_a_gap_is_told(admin: Caller, receiver: Receiver, deliver: Deliver) -> None:
    document = "subscription { activity { __typename ... on Gap { toCursor } } }"
    made = await make(admin, receiver.url(), document)
    await admin.store.mongo.webhook_progress.amend(
        made["webhook"]["id"], lambda kept: replace(kept, cursor="5-0")
    )
    await happen(admin, "one")
    async with deliver():
        got = await receiver.until(2)
    told = [orjson.loads(each.body)["data"]["activity"]["__typename"] for each in got]
    assert sorted(told) == ["ActivityEvent", "Gap"]


async def test_a_failure_is_tried_again_under_the_same_id(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    async def broken(request: Received) -> web.StreamResponse:
        return web.Response(status=500, text="out of\norder")

    receiver.answer = broken
    made = await make(admin, receiver.url(), ALL)
    webhook_id = made["webhook"]["id"]
    async with deliver():
        await happen(admin, "one")
        (delivery,) = await until(admin.store, webhook_id, DeliveryStatus.PENDING)
        attempt = delivery.attempts[0]
        assert (attempt.status, attempt.error) == (500, "status 500")
        assert attempt.response == "out of order"
        assert 5 <= (delivery.next_try_at - attempt.at).total_seconds() <= 6
        await until_failing(admin.store, webhook_id, True)
        receiver.answer = Receiver().answer
        await due_now(admin.store, delivery)
        (delivery,) = await until(admin.store, webhook_id, DeliveryStatus.DELIVERED)
        await until_failing(admin.store, webhook_id, False)
    assert [each.number for each in delivery.attempts] == [1, 2]
    assert len({each.id for each in receiver.got}) == 1


async def test_a_receiver_that_is_gone_ends_its_webhook(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    async def gone(request: Received) -> web.StreamResponse:
        return web.Response(status=410)

    receiver.answer = gone
    made = await make(admin, receiver.url(), ALL)
    webhook_id = made["webhook"]["id"]
    async with deliver():
        await happen(admin, "one")
        assert await until_off(admin.store, webhook_id) is OffReason.GONE
        await until(admin.store, webhook_id, DeliveryStatus.FAILED)
    data = await admin("query($id: ID!) { events(subjectId: $id) { nodes { kind message } } }",
                       id=webhook_id)  # fmt: skip
    assert data["events"]["nodes"] == [
        {"kind": "WEBHOOK_SWITCHED_OFF",
         "message": "the webhook hook is switched off: the receiver answered 410"}
    ]  # fmt: skip


async def test_a_receiver_that_fails_for_days_ends_its_webhook(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    receiver.answer = broken
    made = await make(admin, receiver.url(), ALL)
    webhook_id = made["webhook"]["id"]
    await admin.store.mongo.webhook_progress.amend(
        webhook_id, lambda kept: replace(kept, failing_since=now() - PATIENCE)
    )
    async with deliver():
        await happen(admin, "one")
        assert await until_off(admin.store, webhook_id) is OffReason.FAILING


async def test_a_receiver_that_fails_for_long_is_left_alone_but_for_tests(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    receiver.answer = broken
    made = await make(admin, receiver.url(), ALL)
    webhook_id = made["webhook"]["id"]
    await admin.store.mongo.webhook_progress.amend(
        webhook_id, lambda kept: replace(kept, failing_since=now() - timedelta(hours=1))
    )
    async with deliver():
        await happen(admin, "one")
        await until(admin.store, webhook_id, DeliveryStatus.PENDING)
        for number in range(4):
            await happen(admin, str(number))
        async with asyncio.timeout(60):
            while len(await deliveries(admin.store, webhook_id)) < 5:
                await asyncio.sleep(0.02)
        test = (
            "mutation($id: ID!) { testWebhook(input: {id: $id, send: true}) { delivery { id } } }"
        )
        tried = (await admin(test, id=webhook_id))["testWebhook"]["delivery"]["id"]
        assert (await receiver.until(2))[1].id == tried


async def test_retry_after_is_heeded(admin: Caller, receiver: Receiver, deliver: Deliver) -> None:
    async def later(request: Received) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "3000"})

    receiver.answer = later
    made = await make(admin, receiver.url(), ALL)
    async with deliver():
        await happen(admin, "one")
        (delivery,) = await until(admin.store, made["webhook"]["id"], DeliveryStatus.PENDING)
    waits_s = (delivery.next_try_at - delivery.attempts[0].at).total_seconds()
    assert waits_s == pytest.approx(3000)


async def test_a_hanging_receiver_does_not_hold_up_another(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    may_answer = asyncio.Event()

    async def hang(request: Received) -> web.StreamResponse:
        if request.path == "/hangs":
            await may_answer.wait()
        return web.Response(status=200)

    receiver.answer = hang
    await make(admin, receiver.url("/hangs"), ALL)
    await make(admin, receiver.url("/works"), ALL)
    async with deliver():
        for number in range(10):
            await happen(admin, str(number))
        async with asyncio.timeout(60):
            while [each.path for each in receiver.got].count("/works") < 10:
                await asyncio.sleep(0.01)
        assert [each.path for each in receiver.got].count("/hangs") == 4
        may_answer.set()


async def test_a_subscription_that_ends_sends_its_last_event(
    alice: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    payload = await create(alice)
    job_id = payload["job"]["id"]
    made = await make(
        alice, receiver.url(),
        "subscription($id: ID!) { jobEvents(id: $id) { ... on ActivityEvent { kind } } }",
        variables={"id": job_id},
    )  # fmt: skip
    async with deliver():
        await alice(
            "mutation($id: ID!) { cancelJob(input: {id: $id}) { userErrors { message } } }",
            id=job_id,
        )
        got = await receiver.until(1)
        assert await until_off(alice.store, made["webhook"]["id"]) is OffReason.ENDED
    assert (await alice.store.mongo.jobs.get(job_id)).status is JobStatus.CANCELLED
    assert orjson.loads(got[-1].body) == {"data": {"jobEvents": {"kind": "JOB_CANCELLED"}}}


async def test_both_secrets_sign_after_a_rotation(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url(), ALL)
    data = await admin(
        "mutation($id: ID!) { rotateWebhookSecret(input: {id: $id}) { secret "
        "webhook { previousSecretUntil } } }", id=made["webhook"]["id"],
    )  # fmt: skip
    rotated = data["rotateWebhookSecret"]
    assert rotated["webhook"]["previousSecretUntil"]
    async with deliver():
        await happen(admin, "one")
        (got,) = await receiver.until(1)
    for secret in (made["secret"], rotated["secret"]):
        Verifier(secret).verify(got.body, got.headers)
    assert rotated["secret"] != made["secret"]


async def test_a_webhook_that_was_switched_off_goes_on_where_it_stopped(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url(), ALL)
    switch = (
        "mutation($id: ID!, $on: Boolean!) { updateWebhook(input: {id: $id, isOn: $on}) "
        "{ webhook { off { reason } isFollowed } userErrors { message } } }"
    )
    webhook_id = made["webhook"]["id"]
    async with deliver():
        data = await admin(switch, id=webhook_id, on=False)
        assert data["updateWebhook"]["webhook"]["off"] == {"reason": "OWNER"}
        await asyncio.sleep(0.2)
        await happen(admin, "meanwhile")
        await asyncio.sleep(0.3)
        assert receiver.got == []
        await admin(switch, id=webhook_id, on=True)
        (got,) = await receiver.until(1)
    assert orjson.loads(got.body)["data"]["activity"]["message"] == "meanwhile"


async def test_rights_that_are_lost_end_a_webhook(
    admin: Caller, alice: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url(), ALL)
    async with deliver():
        await happen(admin, "before")
        await receiver.until(1)
        await admin.store.accounts.set_role(admin.id, Role.USER, alice.id)
        await happen(admin, "after")
        assert await until_off(admin.store, made["webhook"]["id"]) is OffReason.RIGHTS
    assert len(receiver.got) == 1


async def test_a_revoked_key_ends_what_was_made_with_it(
    alice: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    payload, store = await create(alice), alice.store
    key, shown = await store.accounts.create_api_key(alice.id, "partner", [Scope.READ])
    partner = Caller(store, await store.accounts.authenticate(shown))
    dataset_id = payload["dataset"]["id"]
    made = await make(
        partner, receiver.url(),
        "subscription($id: ID!) { datasetEvents(id: $id) { __typename } }",
        variables={"id": dataset_id},
    )  # fmt: skip
    event = Event(Topic.DATASET, EventKind.DATASET_CHANGED, dataset_id, alice.id, now())
    async with deliver():
        await store.events.append(event)
        await receiver.until(1)
        await store.accounts.revoke_api_key(key.id)
        await store.events.append(replace(event, at=now()))
        assert await until_off(store, made["webhook"]["id"]) is OffReason.RIGHTS
    assert len(receiver.got) == 1


async def test_what_is_asked_for_is_sent_once_more_or_tried(
    admin: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    made = await make(admin, receiver.url(), ALL)
    resend = (
        "mutation($id: ID!) { resendDelivery(input: {id: $id}) { delivery { id status } "
        "userErrors { code } } }"
    )
    test = (
        "mutation($id: ID!) { testWebhook(input: {id: $id, send: true}) { isSample "
        "delivery { id isTest } request { body headers { name value } } userErrors { code } } }"
    )
    async with deliver():
        await happen(admin, "one")
        (first,) = await receiver.until(1)
        await until(admin.store, made["webhook"]["id"], DeliveryStatus.DELIVERED)
        data = await admin(resend, id=first.id)
        assert data["resendDelivery"]["delivery"] == {"id": first.id, "status": "PENDING"}
        again = (await receiver.until(2))[1]
        assert (again.id, again.body) == (first.id, first.body)
        tried = (await admin(test, id=made["webhook"]["id"]))["testWebhook"]
        last = (await receiver.until(3))[2]
    assert tried["isSample"] is False
    assert last.id == tried["delivery"]["id"] != first.id
    assert last.body == tried["request"]["body"] == first.body
    shown = {each["name"]: each["value"] for each in tried["request"]["headers"]}
    assert shown.keys() == last.headers.keys() - {"host", "connection", "content-length"}


def test_ids_sort_by_their_events() -> None:
    found = [delivery_id("whk_1", f"{1_700_000_000_000 + n}-0") for n in range(5)]
    assert found == sorted(found)
    assert {ids.prefix_of(each) for each in found} == {ids.WEBHOOK_DELIVERY}
    assert delivery_id("whk_2", "1700000000000-0") not in found


async def test_events_wait_in_their_feed_while_too_many_deliveries_do(
    admin: Caller, receiver: Receiver, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(request: Received) -> web.StreamResponse:
        return web.Response(status=500)

    monkeypatch.setattr(store_deliveries, "MAX_WAITING", 3)
    monkeypatch.setattr(following, "LOOK_EACH", 1)
    monkeypatch.setattr(following, "FULL_S", 0.05)
    receiver.answer = broken
    webhook_id = (await make(admin, receiver.url(), ALL))["webhook"]["id"]
    async with deliver():
        for number in range(6):
            await happen(admin, str(number))
        waiting = await until(admin.store, webhook_id, *[DeliveryStatus.PENDING] * 3)
        await asyncio.sleep(0.3)
        assert len(await deliveries(admin.store, webhook_id)) == 3
        receiver.answer = Receiver().answer
        for each in waiting:
            await due_now(admin.store, each)
        await until(admin.store, webhook_id, *[DeliveryStatus.DELIVERED] * 6)


async def test_the_oldest_of_a_long_log_go(
    admin: Caller, receiver: Receiver, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_deliveries, "MAX_LOGGED", 2)
    webhook_id = (await make(admin, receiver.url(), ALL))["webhook"]["id"]
    async with deliver():
        for number in range(5):
            await happen(admin, str(number))
        made = await until(admin.store, webhook_id, *[DeliveryStatus.DELIVERED] * 5)
    assert await admin.store.deliveries.make_room(webhook_id)
    assert await deliveries(admin.store, webhook_id) == made[3:]


async def test_tests_that_hang_hold_up_nobody(
    admin: Caller, alice: Caller, receiver: Receiver, deliver: Deliver
) -> None:
    """Neither those of a webhook that is on, nor of one that is off."""
    may_answer = asyncio.Event()

    async def hang(request: Received) -> web.StreamResponse:
        if request.path == "/hangs":
            await may_answer.wait()
        return web.Response(status=200)

    receiver.answer = hang
    payload = await create(alice)
    of_dataset = {
        "document": "subscription($id: ID!) { datasetEvents(id: $id) { __typename } }",
        "variables": {"id": payload["dataset"]["id"]},
    }
    hooks = [await make(alice, receiver.url("/hangs"), **of_dataset) for _ in range(3)]
    for hook in hooks:
        webhook = await alice.store.mongo.webhooks.get(hook["webhook"]["id"])
        for _ in range(MAX_TESTS):
            identifier = ids.new(ids.WEBHOOK_DELIVERY)
            await alice.store.deliveries.add_test(identifier, webhook, "1-0", "{}")
        with pytest.raises(IllegalMove):
            await alice.store.deliveries.add_test("whd_1", webhook, "1-0", "{}")
    await alice.store.webhooks.switch_off(webhook, OffReason.OWNER, "off")
    await make(admin, receiver.url("/works"), ALL)
    async with deliver():
        for number in range(5):
            await happen(admin, str(number))
        async with asyncio.timeout(60):
            while [each.path for each in receiver.got].count("/works") < 5:
                await asyncio.sleep(0.01)
        assert [each.path for each in receiver.got].count("/hangs") <= PER_OWNER
        may_answer.set()
