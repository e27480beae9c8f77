"""A job's stages as live progress bars."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from shoal.demo.api import Api
from shoal.demo.documents import JOB_EVENTS

ENDED = {"SUCCEEDED", "FAILED", "CANCELLED"}
ENDINGS = {f"JOB_{status}" for status in ENDED}


async def follow_job(api: Api, job_id: str, title: str, console: Console) -> None:
    """Show the job's progress until it has ended, however it ends."""
    console.print(f"\n[bold]{escape(title)}[/bold]")
    with _progress(console) as progress:
        bars = StageBars(progress)
        async for item in api.follow(JOB_EVENTS, id=job_id):
            if bars.show(item):
                return


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=32),
        TextColumn("{task.completed:>8,.0f} rows"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=console,
    )


@dataclass
class StageBars:
    """One bar a stage, in the order in which stages are first heard of."""

    progress: Progress
    bars: dict[str, TaskID] = field(default_factory=dict)

    def show(self, item: dict[str, Any]) -> bool:
        """Draw one item of the feed; True once the job has ended."""
        match item["__typename"]:
            case "JobSnapshot":
                return self._show_snapshot(item["job"])
            case "ActivityEvent":
                return self._show_event(item)
        return False

    def _show_snapshot(self, job: dict[str, Any]) -> bool:
        for stage in job["stages"]:
            if stage["status"] == "DONE":
                self._finish(stage["name"], stage["done"], stage["summary"])
            elif stage["status"] == "RUNNING":
                self._move(stage["name"], stage["done"], stage["total"])
        return job["status"] in ENDED

    def _show_event(self, event: dict[str, Any]) -> bool:
        match event["kind"]:
            case "STAGE_STARTED" | "STAGE_PROGRESSED":
                note = f"{rate:,.0f} rows/s" if (rate := event["rowsPerSecond"]) else ""
                self._move(event["stage"], event["done"], event["total"], note)
            case "STAGE_DONE":
                self._finish(event["stage"], event["done"], event["message"])
            case "JOB_RETRIED" | "LATE_WRITE_REFUSED":
                self.progress.console.print(f"[yellow]{event['message']}")
        return event["kind"] in ENDINGS

    def _move(self, stage: str, done: int | None, total: int | None, note: str = "") -> None:
        bar = self._bar(stage)
        self.progress.update(bar, completed=done or 0, total=total or None, note=note)

    def _finish(self, stage: str, done: int | None, note: str) -> None:
        bar, rows = self._bar(stage), done or 0
        self.progress.update(bar, completed=rows, total=rows, note=note)
        self.progress.stop_task(bar)

    def _bar(self, stage: str) -> TaskID:
        if stage not in self.bars:
            self.bars[stage] = self.progress.add_task(stage, total=None, note="")
        return self.bars[stage]
