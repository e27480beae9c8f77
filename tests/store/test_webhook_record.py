"""The moves of a webhook and of a delivery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from store.errors import IllegalMove, StaleAttempt
from store.records.account import Scope
from store.records.delivery import (
    DELAYS_S,
    LONGEST_S,
    MAX_ATTEMPTS,
    TAKEN,
    Delivery,
    DeliveryStatus,
    Outcome,
)
from store.records.webhook import (
    OVERLAP,
    PATIENCE,
    OffReason,
    SealedSecret,
    Webhook,
    WebhookProgress,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
NEW = Delivery("whd_1", "whk_1", "usr_1", "1-0", "{}", AT, AT)
HOOK = Webhook(
    "whk_1", "usr_1", "hook", "https://a.example/", "subscription", None, "{}", (Scope.READ,),
    (SealedSecret("first"),), "usr_1 0", AT,
)  # fmt: skip


def failed_at(at: datetime, **more: object) -> Outcome:
    return Outcome(at, 1.0, status=500, error="status 500", **more)


def test_eleven_tries_within_a_day() -> None:
    delivery, at, tries = NEW, AT, 0
    while delivery.status is DeliveryStatus.PENDING:
        assert delivery.next_try_at is not None
        at = delivery.next_try_at
        delivery = delivery.taken(at)
        tries += 1
        delivery = delivery.tried(delivery.tries, failed_at(at), jitter=0)
    assert (tries, delivery.status) == (11, DeliveryStatus.FAILED)
    assert timedelta(hours=23) < at - AT < timedelta(hours=24)
    assert delivery.next_try_at is None
    assert [each.number for each in delivery.attempts] == list(range(1, 12))


@pytest.mark.parametrize(("jitter", "delay_s"), [(0, 5), (1, 6)])
def test_jitter_makes_a_wait_longer(jitter: float, delay_s: float) -> None:
    tried = NEW.taken(AT).tried(1, failed_at(AT), jitter)
    assert tried.next_try_at == AT + timedelta(seconds=delay_s)


@pytest.mark.parametrize(("asked_s", "waits_s"), [(1, DELAYS_S[0]), (600, 600), (10**9, LONGEST_S)])
def test_a_receiver_may_ask_for_a_longer_wait(asked_s: float, waits_s: float) -> None:
    tried = NEW.taken(AT).tried(1, failed_at(AT, retry_after_s=asked_s), 0)
    assert tried.next_try_at == AT + timedelta(seconds=waits_s)


def test_who_takes_it_has_it_for_a_while() -> None:
    taken = NEW.taken(AT)
    with pytest.raises(IllegalMove):
        taken.taken(AT + TAKEN - timedelta(seconds=1))
    again = taken.taken(AT + TAKEN)
    with pytest.raises(StaleAttempt):
        again.tried(taken.tries, Outcome(AT, 1.0, status=200), 0)
    assert again.tried(2, Outcome(AT, 1.0, status=200), 0).status is DeliveryStatus.DELIVERED


def test_what_arrived_is_not_taken_and_may_be_sent_again() -> None:
    done = NEW.taken(AT).tried(1, Outcome(AT, 1.0, status=204), 0)
    with pytest.raises(IllegalMove):
        done.taken(AT + TAKEN)
    again = done.resent(AT + TAKEN)
    with pytest.raises(IllegalMove):
        again.resent(AT)
    with pytest.raises(StaleAttempt):
        again.tried(1, failed_at(AT), 0)
    assert again.taken(AT + TAKEN).tries == 3


def test_a_receiver_that_is_gone_is_not_asked_again() -> None:
    assert NEW.taken(AT).tried(1, Outcome(AT, 1.0, status=410), 0).status is DeliveryStatus.FAILED


def test_old_attempts_are_forgotten() -> None:
    delivery = NEW
    for _ in range(MAX_ATTEMPTS + 2):
        taken = delivery.taken(AT)
        delivery = taken.tried(taken.tries, Outcome(AT, 1.0, status=200), 0).resent(AT)
    assert [each.number for each in delivery.attempts] == list(range(3, MAX_ATTEMPTS + 3))


def test_a_secret_signs_for_a_day_after_its_rotation() -> None:
    rotated = HOOK.with_secret("second", AT).with_secret("third", AT)
    assert [each.sealed for each in rotated.signing(AT)] == ["third", "second"]
    assert [each.sealed for each in rotated.signing(AT + OVERLAP)] == ["third"]


def test_the_first_reason_stays() -> None:
    off = HOOK.switched_off(AT, OffReason.GONE, "gone")
    assert off.switched_off(AT, OffReason.OWNER, "me") == off
    assert not off.sends
    assert off.switched_on() == HOOK


def test_one_that_has_ended_begins_again_with_another_document_only() -> None:
    ended = HOOK.switched_off(AT, OffReason.ENDED, "over")
    assert ended.sends
    with pytest.raises(IllegalMove):
        ended.switched_on()
    assert ended.asking("other", None, "{}").off is None
    off = HOOK.switched_off(AT, OffReason.OWNER, "me")
    assert off.asking("other", None, "{}").off == off.off


def test_progress_goes_forwards_in_one_document() -> None:
    progress = WebhookProgress("whk_1", "9-1")
    assert progress.advanced("10-0", 0).cursor == "10-0"
    assert progress.advanced("9-0", 0) is progress
    assert progress.advanced("10-0", 1) is progress
    begun = progress.beginning("3-0")
    assert (begun.cursor, begun.documents) == ("3-0", 1)
    assert begun.advanced("10-0", 0) is begun


def test_five_days_without_success_are_hopeless() -> None:
    failing = WebhookProgress("whk_1", "1-0").failed(AT)
    assert failing.failed(AT + PATIENCE) is failing
    assert not failing.is_hopeless(AT + PATIENCE - timedelta(seconds=1))
    assert failing.is_hopeless(AT + PATIENCE)
    assert not failing.succeeded(AT + PATIENCE).is_hopeless(AT + 2 * PATIENCE)


def test_the_longer_it_fails_the_longer_it_rests() -> None:
    failing = WebhookProgress("whk_1", "1-0").failed(AT)
    rests = [failing.rest_s(AT + timedelta(seconds=since)) for since in (0, 50, 600, 86_400)]
    assert rests == [0, 5, 60, 60]


def test_a_busy_success_is_not_written_each_time() -> None:
    well = WebhookProgress("whk_1", "1-0").succeeded(AT)
    assert well.succeeded(AT + timedelta(seconds=59)) is well
    assert well.succeeded(AT + timedelta(seconds=60)) != well
