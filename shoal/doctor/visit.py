"""One visit: settings first, then this host, then who answers, then what is in there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

from shoal.admin import settings_from
from shoal.doctor import environment, services
from shoal.doctor.finding import Finding, error
from shoal.doctor.host import host
from shoal.doctor.platform import platform
from shoal.joining import faults
from store.errors import BadSettings, StoreError
from store.settings import Settings

Look = Callable[[Settings], AsyncIterator[Finding]]
LOOKS: dict[str, Look] = {
    "MONGO_DB_URI": services.mongo, "REDIS_URL": services.redis, "MINIO_ENDPOINT": services.objects,
}  # fmt: skip


async def examine(environ: Mapping[str, str]) -> AsyncIterator[Finding]:
    """Everything that there is to say of a process with this environment."""
    for finding in environment.unknown_names(environ):
        yield finding
    try:
        given = settings_from(environ)
    except BadSettings as bad:
        yield error(
            "settings", str(bad),
            "set them, or start `shoal up`, which brings services of its own; then ask again",
        )  # fmt: skip
        return
    for finding in (*environment.settings(given), *host(given)):
        yield finding
    found = await faults(given)
    for name, look in LOOKS.items():
        if fault := found.get(name):
            yield error(name, fault, "start it, or mend the setting")
            continue
        async for finding in _safely(name, look, given):
            yield finding
    if not found:
        async for finding in _safely("platform", platform, given):
            yield finding


async def _safely(name: str, look: Look, given: Settings) -> AsyncIterator[Finding]:
    """A service may go while it is looked at."""
    try:
        async for finding in look(given):
            yield finding
    except StoreError as fault:
        yield error(name, str(fault), "see the log of that service")
