"""What a stage says of what it found and chose; in a job these are lines of its log."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def note(message: str, /, **figures: object) -> None:
    """Something that its owner may want to know."""
    log.info(message, extra={"fields": figures})


def warn(message: str, /, **figures: object) -> None:
    """Something that its owner may want to change."""
    log.warning(message, extra={"fields": figures})
