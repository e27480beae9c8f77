"""The order in which waiting jobs are taken, by its rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from store.jobs.line import RISES_EVERY, Load, line
from store.jobs.tickets import Starts
from store.records.job import Failure, JobKind, Priority
from store.records.ticket import Ticket
from tests.store.waiting import AT, ticket, waiting_job

IDLE = Load({}, {}, {})
HIGH, NORMAL, LOW = Priority.HIGH, Priority.NORMAL, Priority.LOW


def order(
    *tickets: Ticket, load: Load = IDLE, limits: dict[JobKind, int] | None = None
) -> list[str]:
    return [each.id for each in line(tickets, load, limits or {}, AT)]


def test_who_waits_longest_first_among_equals() -> None:
    assert order(ticket("3"), ticket("1"), ticket("2")) == ["1", "2", "3"]
    assert order(ticket("1"), ticket("2", minutes=1)) == ["2", "1"]


def test_a_job_that_was_handed_back_waits_since_it_was_asked_for() -> None:
    asked, back = AT - timedelta(minutes=5), AT - timedelta(minutes=1)
    job = waiting_job(created_at=asked, not_before=back)
    assert Ticket.of(job).since == asked
    failed = replace(job, failure=Failure("LOST", "gone", retryable=True))
    assert Ticket.of(failed).since == back


def test_higher_priority_first() -> None:
    jobs = (ticket("1", priority=LOW), ticket("2"), ticket("3", priority=HIGH))
    assert order(*jobs) == ["3", "2", "1"]


def test_one_job_is_not_behind_fifty_of_somebody_else() -> None:
    many = [ticket(f"1{n:02}", "hog", minutes=9) for n in range(50)]
    assert order(*many, ticket("2", "modest")).index("2") == 1
    busy = Load({}, {"hog": 1}, {})
    assert order(*many, ticket("2", "modest"), load=busy)[0] == "2"


def test_even_after_the_fifty_have_waited_for_hours() -> None:
    many = [ticket(f"1{n:02}", "hog", minutes=300) for n in range(50)]
    served = Load({}, {"hog": 2}, {("hog", NORMAL): AT - timedelta(minutes=3)})
    assert order(*many, ticket("2", "modest"), load=served)[0] == "2"


def test_a_low_job_rises_one_class_every_ten_minutes() -> None:
    fresh = ticket("2", "b")
    assert order(ticket("1", priority=LOW, minutes=9.9), fresh) == ["2", "1"]
    assert order(ticket("1", priority=LOW, minutes=10), fresh) == ["1", "2"]
    high = ticket("2", "b", priority=HIGH)
    assert order(ticket("1", priority=LOW, minutes=19.9), high) == ["2", "1"]
    assert order(ticket("1", priority=LOW, minutes=20), high) == ["1", "2"]


def test_nobody_rises_above_high() -> None:
    aged = ticket("1", priority=HIGH, minutes=600)
    busy = Load({}, {"a": 1}, {})
    assert order(aged, ticket("2", "b", priority=HIGH), load=busy) == ["2", "1"]


def test_a_low_job_is_not_starved_by_its_own_owner() -> None:
    served = Load({}, {"a": 2}, {("a", NORMAL): AT})
    jobs = (ticket("1", priority=LOW, minutes=11), ticket("2", minutes=5))
    assert order(*jobs, load=served) == ["1", "2"]


def test_between_owners_with_as_much_running_the_one_served_longest_ago() -> None:
    starts: Starts = {("a", NORMAL): AT, ("b", LOW): AT - timedelta(minutes=1)}
    assert order(ticket("1", "a"), ticket("2", "b"), load=Load({}, {}, starts)) == ["2", "1"]
    never = ticket("3", "c")
    assert order(ticket("1", "a"), never, load=Load({}, {}, starts)) == ["3", "1"]


def test_owners_take_turns() -> None:
    jobs = [ticket(f"{owner}{n}", owner) for owner in "abc" for n in range(3)]
    assert [each[0] for each in order(*jobs)] == list("abcabcabc")


def test_what_is_not_due_has_no_turn() -> None:
    assert order(ticket("1", minutes=-0.01), ticket("2")) == ["2"]


def test_a_full_kind_has_no_turn_and_holds_nobody_up() -> None:
    ingest = ticket("3", kind=JobKind.INGEST)
    load = Load({JobKind.TRAIN: 1}, {}, {})
    assert order(ticket("1"), ticket("2"), ingest, load=load, limits={JobKind.TRAIN: 2}) == [
        "1", "3",
    ]  # fmt: skip
    assert order(ticket("1"), ingest, load=load, limits={JobKind.TRAIN: 1}) == ["3"]


TICKETS = st.lists(
    st.builds(
        Ticket,
        id=st.text("0123456789", min_size=6, max_size=6),
        kind=st.sampled_from(JobKind),
        owner_id=st.sampled_from("abcd"),
        priority=st.sampled_from(Priority),
        since=st.integers(-5, 60).map(lambda minutes: AT - timedelta(minutes=minutes)),
    ),
    max_size=40,
    unique_by=lambda each: each.id,
)
LOADS = st.builds(
    Load,
    by_kind=st.dictionaries(st.sampled_from(JobKind), st.integers(0, 5)),
    by_owner=st.dictionaries(st.sampled_from("abcd"), st.integers(0, 5)),
    starts=st.dictionaries(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(Priority)),
        st.integers(0, 59).map(lambda minutes: AT - timedelta(minutes=minutes)),
    ),
)


def first(tickets: list[Ticket], load: Load) -> Ticket | None:
    """The rules once more, the slow way: whose turn it is among those that are due."""

    def turn(each: Ticket) -> tuple[int, int, float, datetime, str]:
        started = load.starts.get((each.owner_id, each.priority))
        unserved = AT - (max(each.since, started) if started else each.since)
        rank = min(list(Priority).index(each.priority) + unserved // RISES_EVERY, 2)
        last = [at for (owner, _), at in load.starts.items() if owner == each.owner_id]
        return -rank, load.by_owner.get(each.owner_id, 0), max(
            (at.timestamp() for at in last), default=0
        ), each.since, each.id  # fmt: skip

    return min((each for each in tickets if each.since <= AT), key=turn, default=None)


@settings(max_examples=80, deadline=None)
@given(TICKETS, LOADS)
def test_each_in_the_line_is_the_one_whose_turn_it_is_then(
    tickets: list[Ticket], load: Load
) -> None:
    owners, starts, left = Counter(load.by_owner), dict(load.starts), list(tickets)
    for taken in line(tickets, load, {}, AT):
        assert taken == first(left, Load({}, owners, starts))
        left.remove(taken)
        owners[taken.owner_id] += 1
        starts[taken.owner_id, taken.priority] = AT
    assert all(each.since > AT for each in left)


@settings(max_examples=50, deadline=None)
@given(TICKETS, LOADS, st.dictionaries(st.sampled_from(JobKind), st.integers(1, 6)))
def test_limits_are_kept_and_used_up(
    tickets: list[Ticket], load: Load, limits: dict[JobKind, int]
) -> None:
    taken = list(line(tickets, load, limits, AT))
    for kind, limit in limits.items():
        due = sum(each.kind is kind and each.since <= AT for each in tickets)
        room = max(limit - load.by_kind.get(kind, 0), 0)
        assert sum(each.kind is kind for each in taken) == min(due, room)
