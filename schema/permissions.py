"""Who may use a root field, and who may see a record.

Every root field carries exactly one rule among its extensions: `Requires(...)` or `Public()`. A
record that the viewer may not see is handled as if it were missing.
"""

from __future__ import annotations

import inspect
from typing import Any, Protocol, TypeVar

from strawberry.extensions import FieldExtension

from schema.errors import NotAllowed
from store.records.account import Scope
from store.records.viewer import Viewer


class Owned(Protocol):
    """A record that belongs to somebody."""

    @property
    def owner_id(self) -> str: ...


R = TypeVar("R", bound=Owned)


class Rule(FieldExtension):
    """Checked before the resolver runs, for queries, mutations and subscriptions alike."""

    def check(self, viewer: Viewer | None) -> None:
        """Raise NotAllowed unless the viewer may use the field."""
        raise NotImplementedError

    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        self.check(info.context.viewer)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        self.check(info.context.viewer)
        result = next_(source, info, **kwargs)
        return await result if inspect.isawaitable(result) else result


class Public(Rule):
    """Open to everybody, signed in or not."""

    def check(self, viewer: Viewer | None) -> None:
        pass


class Requires(Rule):
    """Somebody signed in, whose session or key has the scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def check(self, viewer: Viewer | None) -> None:
        if viewer is None:
            raise NotAllowed("UNAUTHENTICATED", "sign in, or send an API key, to use this field")
        if self.scope is Scope.ADMIN and not viewer.is_admin:
            raise NotAllowed("FORBIDDEN", "only an admin may use this field")
        if not viewer.may(self.scope):
            raise NotAllowed("FORBIDDEN", f"this needs the scope {self.scope}")


class RequiresSession(Requires):
    """A person who signed in: a stolen API key must not become a password or another key."""

    def __init__(self) -> None:
        super().__init__(Scope.WRITE)

    def check(self, viewer: Viewer | None) -> None:
        super().check(viewer)
        if viewer is None or viewer.session_id is None:
            raise NotAllowed("FORBIDDEN", "an API key may not do this; sign in")


def may_see(viewer: Viewer, record: Owned) -> bool:
    """Owners and admins see a record; a key for some models no more than what is theirs."""
    return viewer.is_admin or (record.owner_id == viewer.id and viewer.reaches(record))


def visible(viewer: Viewer, record: R | None) -> R | None:
    """The record if there is one and the viewer may see it: missing and forbidden look alike."""
    return record if record is not None and may_see(viewer, record) else None
