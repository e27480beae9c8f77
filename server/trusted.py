"""Documents that our own client sends, known from its build.

They can be asked for by their SHA-256, are read and checked before anybody asks, and may be all
that people are answered: docs/decisions/0033-a-server-may-answer-its-own-client-alone.md.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from schema.root import schema
from server.tasks import end
from store.records.viewer import Viewer
from store.settings import Settings

MANIFEST = "persisted-documents.json"


class Trusted:
    """What is not in the build is never added: nobody registers a document by sending it."""

    def __init__(self, texts: Iterable[str] = (), *, only: bool = False) -> None:
        """`only` these are answered to people; programs and admins send what they like."""
        self._texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
        self._known = frozenset(self._texts.values())
        self._only = only

    @classmethod
    def of(cls, settings: Settings) -> Trusted:
        """Those of the build that is served; none without one."""
        path = (settings.client_dist or Path()) / MANIFEST
        texts = orjson.loads(path.read_bytes()).values() if path.is_file() else ()
        return cls(texts, only=settings.trusted_documents_only)

    def text(self, digest: str) -> str | None:
        return self._texts.get(digest)

    def refuses(self, query: str, viewer: Viewer | None) -> bool:
        """Strangers are not asked: what is public is to sign in with, by the client or not."""
        if not self._only or viewer is None or viewer.is_admin or viewer.session_id is None:
            return False
        return query not in self._known

    @asynccontextmanager
    async def preparing(self) -> AsyncIterator[None]:
        """Within, they are all read and checked, with room for requests in between."""
        task = asyncio.create_task(self._prepare())
        try:
            yield
        finally:
            await end(task)

    async def _prepare(self) -> None:
        for text in self._known:
            schema.asked(text, None)
            await asyncio.sleep(0)
