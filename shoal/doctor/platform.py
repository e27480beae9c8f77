"""The platform's own state: migrations, backups, workers, published models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from shoal.bundles import can_load, load_version
from shoal.doctor.finding import Finding, error, ok, warning
from store.clock import now
from store.errors import NewerData, RestoreUnfinished, StoreError
from store.mongo import Migrator, open_unchecked
from store.mongo.migrator import is_empty
from store.records.worker import WorkerKind
from store.settings import Settings
from store.store import Store, open_store

BACKUP_EACH = timedelta(days=2)


async def platform(given: Settings) -> AsyncIterator[Finding]:
    """Of services that answer. Raises Unavailable."""
    async with open_unchecked(given) as mongo:
        if await is_empty(mongo.database):
            yield ok("migrations", "the database is empty: it is made ready at the first start")
            return
        found = await _migrations(Migrator(mongo.database))
    yield found
    if found.do:
        return
    async with open_store(given) as store:
        yield await _backup(store)
        async for finding in _workers(store):
            yield finding
        async for finding in _models(store):
            yield finding


async def _migrations(migrator: Migrator) -> Finding:
    try:
        pending = await migrator.pending()
    except NewerData as fault:
        return error("migrations", str(fault), "start the newer version")
    except RestoreUnfinished as fault:
        return error("migrations", str(fault), "restore it to its end")
    if pending:
        names = ", ".join(map(str, pending))
        return error("migrations", f"not applied: {names}", "make a backup, run `shoal migrate`")
    return ok("migrations", "the records are those of this version")


async def _backup(store: Store) -> Finding:
    note = await store.mongo.platform.backup()
    if note is None:
        return warning("backup", "none was ever taken", "run `shoal backup` every night")
    age = now() - note.at
    message = f"the last is {age.total_seconds() / 3600:,.1f} hours old, in {note.place}"
    if age > BACKUP_EACH:
        return warning("backup", message, "run `shoal backup` every night")
    return ok("backup", message)


async def _workers(store: Store) -> AsyncIterator[Finding]:
    living = await store.presence.workers()
    for kind in WorkerKind:
        count = sum(worker.kind is kind for worker in living)
        name = kind.value.lower()
        if count:
            yield ok("workers", f"{count} {name}")
        else:
            yield warning("workers", f"no {name} worker lives", f"start `shoal worker {name}`")


async def _models(store: Store) -> AsyncIterator[Finding]:
    published = await store.models.published()
    if published and not can_load():
        yield ok("models", f"{len(published)} are published; they cannot be asked from this host")
        return
    for version in published:
        try:
            await load_version(store, version.id)
        except StoreError as fault:
            yield error(
                "models", f"{version.id}: {fault}", "restore it, or publish another version"
            )
        else:
            yield ok("models", f"{version.id} answers its golden rows")
