"""Whether the events of a job tell one coherent story; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.faults.findings import Finding, doubled, lost, wrong

Event = dict[str, Any]
ENDS = {"JOB_SUCCEEDED": "SUCCEEDED", "JOB_FAILED": "FAILED", "JOB_CANCELLED": "CANCELLED"}
AFTER_THE_END = {"LATE_WRITE_REFUSED", "LOG_LINE"}
"""What a dead attempt tried."""
ONCE_EACH = {
    "DATASET_CREATED", "VERSION_CREATED", "VERSION_READY", "VERSION_REJECTED", "MODEL_CREATED",
    "MODEL_VERSION_CREATED",
}  # fmt: skip


def told_alike(seen: Sequence[Event], kept: Sequence[Event], who: str) -> Iterator[Finding]:
    """What a subscriber saw against what the pages of `events` hold."""
    times = Counter(event["cursor"] for event in seen)
    yield from (doubled(f"{who} saw {c} {n} times") for c, n in times.items() if n > 1)
    there = {event["cursor"]: event for event in kept}
    unseen = [event for event in kept if event["cursor"] not in times]
    yield from (lost(f"{who} never saw {brief(event)}") for event in unseen)
    unkept = [event for event in seen if event["cursor"] not in there]
    yield from (lost(f"{who} saw {brief(event)}, which `events` lacks") for event in unkept)
    if not (unseen or unkept) and list(seen) != list(kept):
        yield wrong(f"{who} saw events in another order or with other words than `events` has them")


def told_to_the_end(seen: Sequence[Event], kept: Sequence[Event]) -> Iterator[Finding]:
    """The same for who follows one job: the feed may end at its end, and leave out what is late."""
    ending = len(to_the_end(kept))
    cursors = {event["cursor"] for event in seen}
    late = [event for event in kept[ending:] if event["cursor"] in cursors]
    return told_alike(seen, [*kept[:ending], *late], "jobEvents")


def to_the_end(events: Sequence[Event]) -> list[Event]:
    """The story without what is told after the end."""
    told = list(events)
    while told and told[-1]["kind"] not in ENDS:
        told.pop()
    return told


def coherent(events: Sequence[Event], status: str) -> Iterator[Finding]:
    """The whole story of one job that is now in `status`, a terminal one."""
    yield from _told_once(events)
    yield from _begins_and_ends(events, status)
    yield from _attempts(events)
    yield from _stages(events)


def made_once(events: Sequence[Event]) -> Iterator[Finding]:
    """Each data set, model and version is told to be made once, `events` being all there are."""
    told = Counter((e["kind"], e["subjectId"], e["message"]) for e in events)
    for (kind, subject, message), times in told.items():
        if kind in ONCE_EACH and times > 1:
            yield doubled(f"{kind} of {subject} ({message}) is told {times} times")


def _told_once(events: Sequence[Event]) -> Iterator[Finding]:
    """No event twice under two cursors."""
    times = Counter(
        (e["kind"], e["attempt"], e["stage"], e["at"], e["done"], e["message"]) for e in events
    )
    yield from (doubled(f"{told} is there {n} times") for told, n in times.items() if n > 1)


def _begins_and_ends(events: Sequence[Event], status: str) -> Iterator[Finding]:
    kinds = [event["kind"] for event in events]
    if kinds[:1] != ["JOB_QUEUED"]:
        yield lost(f"the job's first event is {kinds[:1]}, not JOB_QUEUED")
    if kinds.count("JOB_QUEUED") > 1:
        yield doubled(f"JOB_QUEUED is told {kinds.count('JOB_QUEUED')} times")
    ends = [kind for kind in kinds if kind in ENDS]
    if not ends:
        yield lost(f"the end, {status}, is not told")
    elif len(ends) > 1:
        yield doubled(f"the job ends {len(ends)} times: {ends}")
    elif ENDS[ends[0]] != status:
        yield wrong(f"the job is {status} and the feed ends with {ends[0]}")
    elif late := set(kinds[kinds.index(ends[0]) + 1 :]) - AFTER_THE_END:
        yield wrong(f"{', '.join(sorted(late))} after {ends[0]}")


def _attempts(events: Sequence[Event]) -> Iterator[Finding]:
    """Attempts are told from 1 on, each once, with what sent the job back in between."""
    starts = [event["attempt"] for event in events if event["kind"] == "JOB_STARTED"]
    if starts != list(range(1, len(starts) + 1)):
        kind = doubled if len(set(starts)) < len(starts) else lost
        yield kind(f"attempts that were told to start: {starts}")
    back = [event["attempt"] for event in events if event["kind"] == "JOB_RETRIED"]
    if len(set(back)) < len(back):
        yield doubled(f"attempts that were told to be given back: {back}")
    if missing := set(starts[:-1]) - set(back):
        yield lost(f"attempts {sorted(missing)} ended, and JOB_RETRIED does not say so")


def _stages(events: Sequence[Event]) -> Iterator[Finding]:
    """In each attempt a stage starts once and then is done at most once.

    Its progress has no such order: no record keeps it, and it may overtake what is told late.
    """
    state: dict[tuple[int, str], str] = {}
    for event in (e for e in events if e["kind"] in ("STAGE_STARTED", "STAGE_DONE")):
        at = event["attempt"], event["stage"]
        match event["kind"], state.get(at):
            case "STAGE_STARTED", None:
                state[at] = "started"
            case "STAGE_DONE", "started":
                state[at] = "done"
            case "STAGE_DONE", None:
                yield lost(f"the start of {brief(event)}")
            case _, before:
                yield doubled(f"{brief(event)}, though it was {before} before")
    for event in (e for e in events if e["kind"] == "STAGE_PROGRESSED"):
        if (event["attempt"], event["stage"]) not in state:
            yield lost(f"the start of {brief(event)}")


def stages_done(events: Sequence[Event], names: Sequence[str]) -> Iterator[Finding]:
    """A job that succeeded has told the end of every stage."""
    told = {event["stage"] for event in events if event["kind"] == "STAGE_DONE"}
    if missing := [name for name in names if name not in told]:
        yield lost(f"the end of stages {missing} is not told")


def brief(event: Event) -> str:
    """One event in a line of a report."""
    parts = (event["kind"], event["stage"], event["attempt"] and f"attempt {event['attempt']}")
    return f"{' '.join(str(part) for part in parts if part)} at {event['cursor']}"
