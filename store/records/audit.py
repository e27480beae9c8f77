"""Who did what to whom: kept for admins, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    id: str
    at: datetime
    actor_id: str
    action: str
    """A mutation's name, such as `publishModel`."""
    subject_id: str
    details: dict[str, str] = field(default_factory=dict)
    revision: int = 0
