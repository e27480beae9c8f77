"""Progress of a backup or a restore, a bar a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shoal.terminal import console
from store.backup.progress import Tell


@contextmanager
def bars() -> Iterator[Tell]:
    """Draws what it is told, for as long as the block runs."""
    columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn())
    tasks = {}
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:

        def tell(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        yield tell


def size_of(count: int) -> str:
    """Bytes as people read them."""
    amount = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
        amount /= 1024
    return f"{amount:,.1f} TiB"
