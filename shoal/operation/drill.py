"""A restore that is tried: into services of its own, looked at from all sides, and thrown away."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from shoal.bundles import can_load, load_version
from shoal.folder import Folder
from shoal.stack import JOINABLE, Stack
from store.backup import Key, Manifest, restore_backup
from store.backup.objects import CopiedObject, read_list
from store.backup.progress import Tell
from store.backup.records import digest_of
from store.errors import StoreError
from store.events import Feed
from store.mongo import Migrator, open_unchecked
from store.mongo.copying import Database, snapshot
from store.settings import Settings
from store.store import Store, open_store

VERIFIED_AT_ONCE = 10_000
PAGE = 500


@dataclass
class Verdict:
    """What was looked at, in words."""

    checked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, what: str, faults: list[str]) -> None:
        self.faults += faults
        if not faults:
            self.checked.append(what)


def drill(source: Path, scratch: Path, tell: Tell) -> Verdict:
    """Restore into `scratch`, whatever services the environment names, and look at all of it."""
    with Stack(Folder(scratch / "data"), lambda _: None) as stack:
        for name in JOINABLE:
            stack.environ.pop(name, None)
        stack.start_services()
        settings = Settings.model_validate(
            {name: stack.environ[name] for name in ("MONGO_DB_URI", "REDIS_URL")}
            | {"SECRET_KEY": Folder(scratch / "data").secret_key(), "data": scratch / "data"}
        )
        return asyncio.run(_drill(source, settings, tell))


async def _drill(source: Path, settings: Settings, tell: Tell) -> Verdict:
    verdict = Verdict()
    manifest = await restore_backup(source, settings, key=Key.ANY, tell=tell)
    verdict.add("every file of the backup has its SHA-256", [])
    async with open_unchecked(settings) as mongo:
        await _check_records(mongo.database, manifest, verdict)
        await Migrator(mongo.database).migrate()
    async with open_store(settings) as store:
        await _check_objects(store, source, verdict)
        await _check_events(store, manifest, verdict)
        await _check_audit(store, verdict)
        await _check_bundles(store, verdict)
    verdict.add(
        "every object that a record names was there",
        [f"{key} was missing when the backup was taken" for key in manifest.missing]
        + [f"{key} was damaged when the backup was taken" for key in manifest.damaged],
    )
    return verdict


async def _check_records(database: Database, manifest: Manifest, verdict: Verdict) -> None:
    faults = []
    async with snapshot(database) as moment:
        for copied in manifest.collections:
            count, digest = await digest_of(moment, copied.name)
            has_forgotten = copied.forgets and count < copied.documents
            if digest != copied.content_sha256 and not has_forgotten:
                faults.append(f"{copied.name}: {count} of {copied.documents} records, or others")
    names = len(manifest.collections)
    verdict.add(f"{manifest.documents:,} records in {names} collections are equal", faults)


async def _check_objects(store: Store, source: Path, verdict: Verdict) -> None:
    count, faults = 0, []
    for each in read_list(source):
        count += 1
        if await _digest(store, each) != each.sha256:
            faults.append(f"the object {each.key} is another one")
    verdict.add(f"{count:,} objects are equal", faults)


async def _digest(store: Store, each: CopiedObject) -> str:
    digest = hashlib.sha256()
    async for chunk in store.objects.stream(each.key):
        digest.update(chunk)
    return digest.hexdigest()


async def _check_events(store: Store, manifest: Manifest, verdict: Verdict) -> None:
    count, cursor, last = 0, None, ""
    while True:
        page = await store.events.page(Feed.everything(), cursor, PAGE)
        count, cursor = count + len(page.events), page.cursor
        last = page.events[-1].cursor if page.events else last
        if not page.has_next:
            break
    told = [f"the feed ends at {last}, behind the cut"] if last > manifest.cut["all"] else []
    verdict.add(f"{count:,} events of the feed can be read, up to the cut", told)


async def _check_audit(store: Store, verdict: Verdict) -> None:
    checked, last, faults = 0, 0, []
    while True:
        found = await store.audit.verify(last, VERIFIED_AT_ONCE)
        checked += found.checked
        if found.broken_at is not None:
            faults.append(f"the audit log is broken at {found.broken_at}: {found.why}")
        if faults or found.last is None or found.checked < VERIFIED_AT_ONCE:
            break
        last = found.last.number
    verdict.add(f"the audit log is a whole chain of {checked:,} entries", faults)


async def _check_bundles(store: Store, verdict: Verdict) -> None:
    """Loading a bundle checks its files and asks its golden rows again."""
    published = await store.models.published()
    if published and not can_load():
        verdict.checked.append("published models were not asked: the extra `inference` is missing")
        return
    faults = []
    for version in published:
        try:
            await load_version(store, version.id)
        except StoreError as error:
            faults.append(f"model version {version.id}: {error}")
    verdict.add(f"{len(published)} published models answer their golden rows as before", faults)
