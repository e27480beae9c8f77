"""One round: a training, a blow, what else goes on, and everything that must hold afterwards."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shoal.demo.api import ApiFailure
from tests.faults import story
from tests.faults.asking import Trickle
from tests.faults.blows import Blow, strike
from tests.faults.caller import all_pages, surely, surely_do
from tests.faults.documents import CANCEL_JOB, EVENTS, JOB_EVENTS, MADE, PREDICT
from tests.faults.findings import Finding, doubled, late, lost, wrong
from tests.faults.inspection import findings_in_store
from tests.faults.lane import ENDED, SERVED, Lane
from tests.faults.plan import Action, Beside, Plan, Victim
from tests.faults.quiet import quiet
from tests.faults.subscriber import FeedFault, Subscriber, place
from tests.faults.texts import rows

RECOVERS_WITHIN_S = 35.0
ENDS_WITHIN_S = 240.0
CAUGHT_UP_WITHIN_S = 60.0
SMALL_ROWS = 300
APART_S = 0.05


@dataclass
class Round:
    """What happened; `findings` is empty when everything held."""

    plan: Plan
    moment_s: float = 0.0
    status: str = ""
    job_s: float | None = None
    """From the death until the job went on; None when it did not have to."""
    answers_s: float | None = None
    """From the end of the blow until a question was answered again."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.findings


@dataclass
class Followed:
    """A job that was accepted, and who follows it."""

    job_id: str
    subscriber: Subscriber
    task: asyncio.Task[None]
    may_end: tuple[str, ...]
    status: str = ""


async def play(lane: Lane, plan: Plan) -> Round:
    """Play the round on a platform that is quiet, and leave it quiet."""
    done = Round(plan)
    since = lane.activity.cursor or "0-0"
    version = await lane.create(plan.name, plan.rows)
    read = await lane.ended(version["job"]["id"], ENDS_WITHIN_S)
    if read["status"] != "SUCCEEDED":
        done.findings.append(wrong(f"before the blow: the ingest is {read['status']}"))
        return done
    trickle = Trickle(lane.api, SERVED, plan.name)
    asking = asyncio.create_task(trickle.run())
    try:
        jobs = await _disturbed(lane, plan, version["id"], trickle, done)
    finally:
        trickle.stop()
        await asking
    done.status = jobs[0].status
    done.findings += [f for job in jobs for f in _ending(job)]
    done.findings += await _events(lane, jobs, since)
    done.findings += await trickle.findings(lane.model_id)
    done.findings += await _made(lane, plan, version["dataset"]["id"], jobs[0])
    done.findings += await quiet(lane)
    done.findings += await findings_in_store(
        lane.platform, [version["job"]["id"], *(job.job_id for job in jobs)]
    )
    return done


# -- the round ------------------------------------------------------------------------------------


async def _disturbed(
    lane: Lane, plan: Plan, version_id: str, trickle: Trickle, done: Round
) -> list[Followed]:
    """The training with its blow, until everything that was asked for has ended."""
    began = time.monotonic()
    job = _follow(lane, await lane.train(version_id, plan.name, plan.spec), "SUCCEEDED")
    beside = asyncio.create_task(_beside(lane, plan, version_id, job))
    await asyncio.sleep(plan.share * lane.expected_s - (time.monotonic() - began))
    held = await lane.job(job.job_id)
    done.moment_s = time.monotonic() - began
    trickle.answered.clear()
    blow = await strike(lane.platform, plan, held["worker"])
    await _answered_again(lane, trickle, blow, done)
    jobs = [job, *await beside]
    for each in jobs:
        await _until_ended(lane, each)
    _judge_recovery(held, job.subscriber.events, blow, done)
    return jobs


def _follow(lane: Lane, job_id: str, *may_end: str) -> Followed:
    subscriber = Subscriber(lane.platform.url, lane.api.token, JOB_EVENTS, id=job_id)
    return Followed(job_id, subscriber, asyncio.create_task(subscriber.run()), may_end)


async def _beside(lane: Lane, plan: Plan, version_id: str, job: Followed) -> list[Followed]:
    """What else the plan asks for; the jobs that this adds."""
    await asyncio.sleep(plan.beside_share * lane.expected_s)
    match plan.beside:
        case Beside.INGESTS:
            return await asyncio.gather(*(_ingest(lane, f"{plan.name}-{n}", n) for n in range(3)))
        case Beside.CANCEL:
            await _cancel(lane, job)
        case Beside.CANCEL_OTHER:
            spec = plan.spec | {"embedder": {"kind": "TFIDF"}}
            name = f"{plan.name}-other"
            other = _follow(lane, await lane.train(version_id, name, spec), "SUCCEEDED")
            await asyncio.sleep(0.2 * lane.expected_s)
            await _cancel(lane, other)
            return [other]
    return []


async def _ingest(lane: Lane, name: str, number: int) -> Followed:
    """One of several requests that are on their way at about the same time."""
    await asyncio.sleep(number * APART_S)
    version = await lane.create(name, SMALL_ROWS)
    return _follow(lane, version["job"]["id"], "SUCCEEDED")


async def _cancel(lane: Lane, job: Followed) -> None:
    """Cancel it, unless it has ended by then: then it must stay as it is."""
    if (ended := await lane.job(job.job_id))["status"] in ENDED:
        job.may_end = (ended["status"],)
        return
    job.may_end = ("CANCELLED", "SUCCEEDED")
    try:
        await surely_do(lane.api, CANCEL_JOB, id=job.job_id)
    except ApiFailure as refused:
        if refused.code != "ILLEGAL_MOVE":
            raise
    else:
        job.may_end = ("CANCELLED",)


async def _until_ended(lane: Lane, job: Followed) -> None:
    """Wait for the record and for the feed to come to their ends."""
    job.status = (await lane.ended(job.job_id, ENDS_WITHIN_S))["status"]
    done, _ = await asyncio.wait({job.task}, timeout=CAUGHT_UP_WITHIN_S)
    if not done:
        job.task.cancel()


async def _answered_again(lane: Lane, trickle: Trickle, blow: Blow, done: Round) -> None:
    """How long after the blow a question that was asked since is answered."""
    try:
        async with asyncio.timeout(ENDS_WITHIN_S):
            await surely_do(lane.api, PREDICT, model=SERVED, texts=[f"again {time.time()}"])
    except TimeoutError:
        done.findings.append(lost("no question is answered any more"))
    done.answers_s = time.time() - blow.over_at


def _judge_recovery(
    held: dict[str, Any], events: list[story.Event], blow: Blow, done: Round
) -> None:
    if held["status"] not in ENDED:
        done.job_s = _went_on(held, events, blow, done.plan)
    for what, seconds in (("the job", done.job_s), ("answering", done.answers_s)):
        if seconds is not None and seconds > RECOVERS_WITHIN_S:
            done.findings.append(late(f"{what} went on after {seconds:.1f} s"))


def _went_on(
    held: dict[str, Any], events: list[story.Event], blow: Blow, plan: Plan
) -> float | None:
    """From a death until the next attempt begins; from an outage until the job says anything.

    None for a job that came to its end without.
    """
    later = [e for e in events if e["kind"] != "LATE_WRITE_REFUSED"]
    is_dead = blow.holder and (plan.victim, plan.action) != (Victim.CHILD, Action.STOP)
    since = blow.struck_at if is_dead else blow.over_at
    if is_dead:
        later = [e for e in later if e["kind"] == "JOB_STARTED" and e["attempt"] > held["attempt"]]
    return next((_when(event) - since for event in later if _when(event) > since), None)


def _when(event: story.Event) -> float:
    return datetime.fromisoformat(event["at"]).timestamp()


# -- afterwards -----------------------------------------------------------------------------------


def _ending(job: Followed) -> list[Finding]:
    found = [] if job.status in job.may_end else [wrong(f"{job.job_id} is {job.status}, not "
             f"{' or '.join(job.may_end)}")]  # fmt: skip
    if job.status not in ENDED:
        found.append(lost(f"{job.job_id} has not ended"))
    if job.task.cancelled() or not job.task.done():
        found.append(lost(f"the feed of {job.job_id} did not come to its end"))
    elif isinstance(fault := job.task.exception(), FeedFault):
        found.append(wrong(f"the feed of {job.job_id} failed: {fault}"))
    elif fault is not None:
        raise fault
    found += [wrong(f"a gap in the feed of {job.job_id}: {gap}") for gap in job.subscriber.gaps]
    return found


async def _events(lane: Lane, jobs: list[Followed], since: str) -> list[Finding]:
    """Subscribers against pages, the feed of all against that of each job, each job's story."""
    found: list[Finding] = []
    everything = await all_pages(lane.api, EVENTS, after=since)
    end = everything[-1]["cursor"]
    if not await lane.activity.reach(end, CAUGHT_UP_WITHIN_S):
        found.append(lost(f"activity stands at {lane.activity.cursor}, the last event is {end}"))
    first, last = place(since), place(end)
    seen = [e for e in lane.activity.events if first < place(e["cursor"]) <= last]
    found += story.told_alike(seen, everything, "activity")
    found += story.made_once(everything)
    found += [wrong(f"a gap in activity: {gap}") for gap in lane.activity.gaps]
    for job in jobs:
        kept = await all_pages(lane.api, EVENTS, subjectId=job.job_id)
        found += story.told_to_the_end(job.subscriber.events, kept)
        of_job = [event for event in everything if event["subjectId"] == job.job_id]
        found += story.told_alike(of_job, kept, "the feed of all")
        found += story.coherent(kept, job.status)
        names = [stage["name"] for stage in (await lane.job(job.job_id))["stages"]]
        found += story.stages_done(kept, names) if job.status == "SUCCEEDED" else ()
    return found


async def _made(lane: Lane, plan: Plan, dataset_id: str, job: Followed) -> list[Finding]:
    """One job for one request, one version for one success, and the version answers."""
    made = await surely(lane.api, MADE, datasetId=dataset_id, model=plan.name)
    jobs = [each["id"] for each in made["dataset"]["jobs"]["nodes"]
            if each["model"] and each["model"]["name"] == plan.name]  # fmt: skip
    found = [doubled(f"jobs {jobs} were made for one request")] if len(jobs) > 1 else []
    found += [] if job.job_id in jobs else [lost(f"job {job.job_id} is not listed: {jobs}")]
    versions = made["model"]["versions"]["nodes"]
    if job.status != "SUCCEEDED":
        return found
    if len(versions) != 1:
        kind = doubled if versions else lost
        return [*found, kind(f"the model has {len(versions)} versions")]
    texts = {row["text"]: row["label"] for row in rows(8, f"{plan.name}-check")}
    asked = await surely_do(lane.api, PREDICT, model=versions[0]["id"], texts=list(texts))
    told = {answer["text"]: answer["label"] for answer in asked["predictions"]}
    return found if told == texts else [*found, wrong(f"the new version answers {told}")]
