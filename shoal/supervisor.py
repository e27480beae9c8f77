"""Keeps children alive, and stops them in the reverse order of their start."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shoal.process import Process, StartFailed

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
HEALTHY_AFTER_S = 60.0
MAX_DEATHS = 6
WATCH_INTERVAL_S = 0.2

Say = Callable[[str], None]


@dataclass
class Child:
    """How to start it, and the process that runs now."""

    launch: Callable[[], Process]
    process: Process
    deaths: int = 0
    """In a row: a minute of life wipes them out."""
    started_at: float = field(default_factory=time.monotonic)
    due_at: float | None = None
    """When to start it again; None while it lives."""

    def mourned(self, now: float) -> float:
        """Count the death; the seconds to wait before the next life."""
        self.deaths = 1 if now - self.started_at > HEALTHY_AFTER_S else self.deaths + 1
        delay_s = float(min(FIRST_DELAY_S * 2 ** (self.deaths - 1), LONGEST_DELAY_S))
        self.due_at = now + delay_s
        return delay_s


class Supervisor:
    """Restarts what dies, each time a little later, and gives up on what keeps dying."""

    def __init__(self, say: Say, on_change: Callable[[list[Process]], None]) -> None:
        self._say = say
        self._on_change = on_change
        self._children: list[Child] = []
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self.gave_up = False

    def start(self, launch: Callable[[], Process]) -> Process:
        """Start one more child; later ones may lean on it."""
        child = Child(launch, launch())
        self._children.append(child)
        self._changed()
        return child.process

    def watch(self) -> None:
        """From now on, restart what dies."""
        self._watcher.start()

    def wait(self) -> None:
        """Return once a child could not be kept alive; interrupts pass through.

        An interrupt that comes within `Event.wait` may leave as a fault of its lock instead.
        """
        while not self._over.is_set():
            time.sleep(WATCH_INTERVAL_S)

    def stop(self) -> None:
        """Stop every child, the last one started first."""
        self._over.set()
        if self._watcher.is_alive():
            self._watcher.join()
        while self._children:
            self._children.pop().process.stop()

    def _watch(self) -> None:
        while not self._over.wait(WATCH_INTERVAL_S):
            for child in self._children:
                if not child.process.is_alive:
                    self._tend(child, time.monotonic())

    def _tend(self, child: Child, now: float) -> None:
        if child.due_at is None:
            self._mourn(child, now)
        elif now >= child.due_at:
            self._relaunch(child, now)

    def _mourn(self, child: Child, now: float) -> None:
        child.process.kill()
        delay_s = child.mourned(now)
        name = child.process.name
        if child.deaths > MAX_DEATHS:
            self._say(f"{name} died {child.deaths} times in a row:\n{child.process.tail()}")
            self.gave_up = True
            self._over.set()
        else:
            self._say(f"{name} died; it starts again in {delay_s:g} s (see {child.process.log})")

    def _relaunch(self, child: Child, now: float) -> None:
        child.started_at, child.due_at = now, None
        try:
            child.process = child.launch()
        except StartFailed as failed:
            self._say(str(failed))
        self._changed()

    def _changed(self) -> None:
        self._on_change([child.process for child in self._children])
