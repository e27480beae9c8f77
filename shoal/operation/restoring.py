"""`shoal restore`, for good or as a drill."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shoal.admin import settings_from
from shoal.folder import Folder
from shoal.operation.bars import bars
from shoal.operation.drill import Verdict, drill
from shoal.stack import Stack
from shoal.terminal import console, data_folder, say
from store.backup import Key, Manifest, read_manifest, restore_backup
from store.backup.manifest import SECRET
from store.settings import Settings


def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")],
    is_drill: Annotated[
        bool,
        typer.Option("--drill", help="Restore into a scratch folder, check all of it, delete it."),
    ] = False,
    other_key: Annotated[
        bool, typer.Option("--other-key", help="Restore under another SECRET_KEY.")
    ] = False,
    scratch: Annotated[
        Path | None, typer.Option(help="Where a drill has room for the whole backup.")
    ] = None,
) -> None:
    """Put a backup into an empty place; nothing is ever restored over what is there."""
    read_manifest(source)
    if is_drill:
        with (
            tempfile.TemporaryDirectory(prefix="shoal-drill-", dir=scratch) as room,
            bars() as tell,
        ):
            verdict = drill(source, Path(room), tell)
        _show(verdict)
        return
    folder = data_folder()
    _adopt_key(source, folder)
    with Stack(folder, say) as stack:
        stack.start_services()
        key = Key.ANY if other_key else Key.SAME
        manifest = asyncio.run(_restore(source, settings_from(stack.environ), key))
    console.print(
        f"Restored as of {manifest.at:%Y-%m-%d %H:%M:%S} UTC. Start the platform: what was at work "
        "then is taken up again.",
        soft_wrap=True,
    )


async def _restore(source: Path, settings: Settings, key: Key) -> Manifest:
    with bars() as tell:
        return await restore_backup(source, settings, key=key, tell=tell)


def _adopt_key(source: Path, folder: Folder) -> None:
    """The backup's own key, where it has one, none is set, and the folder has none yet."""
    kept = source / SECRET
    if "SECRET_KEY" not in os.environ and kept.exists():
        folder.adopt_secret_key(kept.read_text().strip())


def _show(verdict: Verdict) -> None:
    for line in verdict.checked:
        console.print(f"  [green]ok[/]     {escape(line)}", soft_wrap=True)
    for line in verdict.faults:
        console.print(f"  [bold red]wrong[/]  {escape(line)}", soft_wrap=True)
    if verdict.faults:
        console.print("[bold red]This backup does not restore to what it was taken of.[/]")
        sys.exit(1)
    console.print("[bold green]This backup restores.[/] The scratch folder is deleted.")
