"""`shoal migrate`, and the same at the start of `shoal up`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from shoal.admin import settings_from
from shoal.stack import services
from shoal.supervisor import Say
from shoal.terminal import console, data_folder, say
from store.mongo import Migrator, open_unchecked
from store.mongo.migrations import Migration
from store.mongo.migrator import is_empty
from store.settings import Settings


def migrate(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be applied.")
    ] = False,
) -> None:
    """Bring the records to what this version expects. Make a backup before."""
    with services(data_folder(), say) as environ:
        settings = settings_from(environ)
        changed = asyncio.run(_pending(settings) if dry_run else migrate_quietly(settings, say))
    if not changed:
        console.print("The records are those of this version: nothing is to be done.")
    elif dry_run:
        for each in changed:
            console.print(f"would apply [bold]{each}[/]: {each.what}")
    else:
        console.print(f"{len(changed)} applied.")


async def migrate_quietly(settings: Settings, tell: Say) -> list[Migration]:
    """Apply what is pending, a line for each; of an empty database nobody needs to hear."""

    def show(migration: Migration) -> None:
        tell(f"migrating the records: {migration} ({migration.what.rstrip('.')})")

    async with open_unchecked(settings) as mongo:
        is_new = await is_empty(mongo.database)
        migrated = await Migrator(mongo.database).migrate(*([] if is_new else [show]))
        return [] if is_new else migrated


async def _pending(settings: Settings) -> list[Migration]:
    async with open_unchecked(settings) as mongo:
        return await Migrator(mongo.database).pending()
