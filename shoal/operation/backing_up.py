"""`shoal backup`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from shoal.admin import settings_from
from shoal.operation.bars import bars, size_of
from shoal.stack import services
from shoal.terminal import console, data_folder, say
from store.backup import Manifest, take_backup
from store.settings import Settings
from store.store import open_store

SHOWN = 5


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    base: Annotated[
        Path | None, typer.Option(help="An earlier backup: its objects are linked, not copied.")
    ] = None,
    caches: Annotated[
        bool, typer.Option(help="Also vectors and finished stages, which save trainings work.")
    ] = True,
    with_secret_key: Annotated[
        bool, typer.Option("--with-secret-key", help="Keep SECRET_KEY in it as well.")
    ] = False,
) -> None:
    """Copy records, events and objects into a folder while the platform runs."""
    target = target.absolute()
    with services(data_folder(), say) as environ:
        settings = settings_from(environ)
        manifest = asyncio.run(_take(settings, target, base, caches, with_secret_key))
    _show(manifest, target)
    if manifest.missing or manifest.damaged:
        sys.exit(1)


async def _take(
    settings: Settings, target: Path, base: Path | None, has_caches: bool, has_key: bool
) -> Manifest:
    async with open_store(settings) as store:
        with bars() as tell:
            return await take_backup(
                store, target, base=base, has_caches=has_caches, has_key=has_key, tell=tell
            )


def _show(manifest: Manifest, target: Path) -> None:
    console.print(
        f"[bold]{escape(str(target))}[/]: {manifest.documents:,} records, "
        f"{manifest.redis.entries:,} events, {manifest.objects.count:,} objects, "
        f"{size_of(manifest.bytes)}, as of {manifest.at:%Y-%m-%d %H:%M:%S} UTC.",
        soft_wrap=True,
    )
    if manifest.has_key:
        console.print("It holds the SECRET_KEY: guard it like one.")
    else:
        console.print(
            "SECRET_KEY is not in it: keep it elsewhere, else the secrets of webhooks cannot be "
            "read and every session ends with a restore.",
            soft_wrap=True,
        )
    _complain("were lost before: records name them, and they are not there", manifest.missing)
    _complain("are not what their records say", manifest.damaged)
    console.print(f"Try it: [cyan]shoal restore --drill {escape(str(target))}[/]", soft_wrap=True)


def _complain(what: str, keys: tuple[str, ...]) -> None:
    if keys:
        some = ", ".join(keys[:SHOWN]) + (", …" if len(keys) > SHOWN else "")
        console.print(f"[bold red]{len(keys)} objects {what}:[/] {escape(some)}", soft_wrap=True)
