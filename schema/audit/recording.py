"""One entry in the audit log for each mutation that was tried, written before it is answered.

It wraps all else that a mutation's field does, so it sees refusals as well. Strangers are only
entered when they were let in or showed wrong credentials, which are throttled: what else they may
not do is in the request log, else anybody could fill this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import OperationType
from strawberry.extensions import FieldExtension

from schema import seen
from schema.audit.redaction import differences, redacted
from schema.errors import UserError
from store import ids
from store.errors import Denied, Throttled
from store.records.audit import AuditEntry, Change, Outcome
from store.records.viewer import Viewer

MAX_SUBJECTS, MAX_CHANGES, MAX_USER_AGENT = 20, 20, 200
DENIALS = {Denied.code, "FORBIDDEN"}
UNTOLD = {Throttled.code, "UNAUTHENTICATED"}
"""What strangers can have as often as they like."""
CUT_OFF, UNEXPECTED = "CUT_OFF", "INTERNAL"
"""The caller left or time ran out; nobody expected it."""


class Audited(FieldExtension):
    """Does nothing for a query that has a payload."""

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        if info.operation.operation is not OperationType.MUTATION:
            return await next_(source, info, **kwargs)
        found, payload = seen.begin(), None
        codes, failed = [CUT_OFF], True
        try:
            payload = await next_(source, info, **kwargs)
            codes, failed = [error.code for error in payload.user_errors], False
        except Exception as error:
            codes = [getattr(error, "code", UNEXPECTED)]
            raise
        finally:
            input = kwargs.get("input")
            is_dry = getattr(input, "dry_run", False)
            outcome = _outcome(codes, failed=failed, is_dry=is_dry)
            await _enter(info, input, payload, found, codes, outcome)
        return payload


async def _enter(  # noqa: PLR0917 -- all that an entry is made of
    info: Any, input: Any, payload: Any, found: dict[str, Any], codes: list[str], outcome: Outcome
) -> None:
    context, made = info.context, dict(_records(payload))
    viewer: Viewer | None = context.viewer
    if viewer is None and UNTOLD.intersection(codes):
        return
    await context.store.audit.append(
        AuditEntry(
            action=info.field_name,
            outcome=outcome,
            actor_id=_actor(viewer, payload),
            api_key_id=viewer.api_key_id if viewer else None,
            subject_ids=tuple(dict.fromkeys([*_named(input), *made]))[:MAX_SUBJECTS],
            input=redacted(input if input is not None else {}),
            codes=tuple(codes),
            changes=tuple(_changes(found, made))[:MAX_CHANGES],
            address=context.address,
            user_agent=context.user_agent[:MAX_USER_AGENT],
            request_id=context.request_id,
        )
    )


def _outcome(codes: list[str], *, failed: bool, is_dry: bool) -> Outcome:
    if DENIALS.intersection(codes):
        return Outcome.DENIED
    if failed:
        return Outcome.FAILED
    if codes:
        return Outcome.REFUSED
    return Outcome.DRY_RUN if is_dry else Outcome.DONE


def _actor(viewer: Viewer | None, payload: Any) -> str:
    """The viewer, or who became one."""
    user = getattr(payload, "user", None)
    return viewer.id if viewer else user.id if user else ""


def _records(payload: Any) -> Iterable[tuple[str, Any]]:
    """What a payload shows that has an id."""
    for name, value in vars(payload).items() if payload is not None else ():
        identifier = getattr(value, "id", None)
        if isinstance(identifier, str) and not isinstance(value, UserError):
            yield identifier, value
        elif name.endswith("_id") and isinstance(value, str) and ids.prefix_of(value):
            yield value, None


def _named(value: Any) -> Iterable[str]:
    """Every id in an input."""
    if isinstance(value, str):
        if ids.prefix_of(value):
            yield value
    elif isinstance(value, (list, tuple)):
        for each in value[:MAX_SUBJECTS]:
            yield from _named(each)
    elif hasattr(value, "__dataclass_fields__"):
        for each in vars(value).values():
            yield from _named(each)


def _changes(found: dict[str, Any], made: dict[str, Any]) -> Iterable[Change]:
    """How records that were found before differ from what the payload shows of them."""
    for identifier, after in made.items():
        before = found.get(identifier)
        if before is None or type(before) is not type(after):
            continue
        for field, (old, new) in differences(before, after).items():
            yield Change(identifier, field, old, new)
