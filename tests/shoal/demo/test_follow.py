from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import Progress

from shoal.demo.follow import StageBars


def bars() -> StageBars:
    return StageBars(Progress(console=Console(quiet=True)))


def event(kind: str, **more: Any) -> dict[str, Any]:
    plain = dict.fromkeys(("stage", "done", "total", "rowsPerSecond"))
    return {"__typename": "ActivityEvent", "kind": kind, "message": "", **plain, **more}


def snapshot(status: str, *stages: dict[str, Any]) -> dict[str, Any]:
    return {"__typename": "JobSnapshot", "job": {"status": status, "stages": list(stages)}}


def shown(bars: StageBars) -> list[tuple[str, float, float | None, str]]:
    return [(t.description, t.completed, t.total, t.fields["note"]) for t in bars.progress.tasks]


def test_a_snapshot_draws_the_stages_that_have_begun() -> None:
    drawn = bars()
    ended = drawn.show(
        snapshot(
            "RUNNING",
            {"name": "clean", "status": "DONE", "done": 9, "total": 9, "summary": "9 rows"},
            {"name": "embed", "status": "RUNNING", "done": 3, "total": 9, "summary": ""},
            {"name": "fit", "status": "PENDING", "done": 0, "total": 0, "summary": ""},
        )
    )
    assert not ended
    assert shown(drawn) == [("clean", 9, 9, "9 rows"), ("embed", 3, 9, "")]


def test_events_move_and_finish_a_bar() -> None:
    drawn = bars()
    drawn.show(event("STAGE_STARTED", stage="embed", done=0, total=10))
    drawn.show(event("STAGE_PROGRESSED", stage="embed", done=4, total=10, rowsPerSecond=1234.5))
    assert shown(drawn) == [("embed", 4, 10, "1,234 rows/s")]
    drawn.show(event("STAGE_DONE", stage="embed", done=10, message="10 rows embedded"))
    assert shown(drawn) == [("embed", 10, 10, "10 rows embedded")]


def test_only_a_final_status_ends_it() -> None:
    drawn = bars()
    assert not drawn.show({"__typename": "CaughtUp", "cursor": "1-0"})
    assert not drawn.show(event("JOB_RETRIED"))
    for status in ("SUCCEEDED", "FAILED", "CANCELLED"):
        assert drawn.show(event(f"JOB_{status}"))
        assert drawn.show(snapshot(status))
