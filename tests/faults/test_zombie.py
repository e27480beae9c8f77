"""A worker that slept through its lease wakes up, and nothing that it writes lands."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.blows import pipeline_workers
from tests.faults.caller import all_pages, surely
from tests.faults.documents import EVENTS, JOB_EVENTS, MADE
from tests.faults.inspection import findings_in_store
from tests.faults.lane import Lane
from tests.faults.quiet import quiet
from tests.faults.story import coherent, told_to_the_end
from tests.faults.subscriber import Subscriber


async def until(subscriber: Subscriber, kind: str, attempt: int) -> None:
    async with asyncio.timeout(60):
        while not any((e["kind"], e["attempt"]) == (kind, attempt) for e in subscriber.events):
            await asyncio.sleep(0.02)


async def test_a_zombie_cannot_write(quick_lane: Lane) -> None:
    lane = quick_lane
    version = await lane.create("zombie", 2_000)
    await lane.ended(version["job"]["id"], 60)
    job_id = await lane.train(version["id"], "zombie", {})
    subscriber = Subscriber(lane.platform.url, lane.api.token, JOB_EVENTS, id=job_id)
    following = asyncio.create_task(subscriber.run())
    await until(subscriber, "STAGE_PROGRESSED", 1)
    holder = (await lane.job(job_id))["worker"]
    zombie = next(each for each in pipeline_workers(lane.platform)
                  if holder.endswith(f":{each.pid}"))  # fmt: skip
    zombie.send_signal(signal.SIGSTOP)  # its child goes on: what it reports waits in the pipe
    try:
        await until(subscriber, "JOB_STARTED", 2)
    finally:
        zombie.send_signal(signal.SIGCONT)
    ended = await lane.ended(job_id, 60)
    await asyncio.wait_for(following, 60)
    assert ended["status"] == "SUCCEEDED"

    kept = await all_pages(lane.api, EVENTS, subjectId=job_id)
    starts = [n for n, event in enumerate(kept) if event["kind"] == "JOB_STARTED"]
    late = {event["kind"] for event in kept[starts[-1] :] if event["attempt"] == 1}
    assert late <= {"LATE_WRITE_REFUSED"}  # it may notice by itself before it writes
    assert [*told_to_the_end(subscriber.events, kept), *coherent(kept, "SUCCEEDED")] == []
    made = await surely(lane.api, MADE, datasetId=version["dataset"]["id"], model="zombie")
    assert len(made["model"]["versions"]["nodes"]) == 1
    assert await findings_in_store(lane.platform, [job_id]) == []
    assert await quiet(lane) == []
