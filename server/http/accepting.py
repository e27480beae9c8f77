"""What a caller can read: the `Accept` header as the ways in which an operation can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
_ANY = ("application/*", "*/*")
_MULTIPART_SPEC = "subscriptionspec=1.0"


class Stream(StrEnum):
    """How more than one result is sent over HTTP."""

    EVENTS = "text/event-stream"
    PARTS = "multipart/mixed"


@dataclass(frozen=True, slots=True)
class Accepted:
    answer: str | None
    """The media type of a single answer; None when the caller reads none that there is."""
    stream: Stream | None


@lru_cache(maxsize=256)
def accepted(header: str) -> Accepted:
    """What suits best; who says nothing reads `application/json`."""
    weights: dict[str, float] = {}
    for media_range in header.lower().split(","):
        name, weight = _weighed(media_range)
        weights[name] = max(weight, weights.get(name, 0.0))
    plain = weights.get(JSON, max(weights.get(name, 0.0) for name in _ANY))
    newer = weights.get(GRAPHQL_JSON, 0.0)
    if not header.strip():
        plain = 1.0
    answer = GRAPHQL_JSON if newer and newer >= plain else JSON if plain else None
    streams = [stream for stream in Stream if weights.get(stream)]
    return Accepted(answer, max(streams, key=lambda each: weights[each], default=None))


def _weighed(media_range: str) -> tuple[str, float]:
    """Its name and weight; multipart counts in the form that carries subscriptions alone."""
    name, *parameters = (part.strip().replace('"', "") for part in media_range.split(";"))
    if name == Stream.PARTS and _MULTIPART_SPEC not in parameters:
        return name, 0.0
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0
