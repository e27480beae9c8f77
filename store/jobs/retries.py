"""Whether a failed attempt is tried again, and when: by the class of its fault.

What a service does passes by itself, so it is waited for. A process that died may have been
unlucky, once or twice. The same code on the same rows fails the same way, so it gets one more try,
in case it was the machine. Bad data gets none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Tries after the first one; the seconds before them double, up to `longest_s`."""

    tries: int
    first_s: float
    longest_s: float


SERVICE = Rule(tries=60, first_s=1, longest_s=30)  # half an hour
WORKER = Rule(tries=4, first_s=0, longest_s=0)  # its lease was wait enough
CRASH = Rule(tries=3, first_s=1, longest_s=10)
SPACE = Rule(tries=3, first_s=5, longest_s=20)
BUG = Rule(tries=1, first_s=1, longest_s=1)

RULES = {
    "UNAVAILABLE": SERVICE,
    "LOST": WORKER,
    "CHILD_DIED": CRASH,
    "OUT_OF_MEMORY": CRASH,
    "DISK_FULL": SPACE,
    "STAGE_FAILED": BUG,
}


def delay_s(code: str, failures: int) -> float | None:
    """Seconds until the next try after `failures` others in a row; None when there is none."""
    rule = RULES.get(code)
    if rule is None or failures >= rule.tries:
        return None
    return min(rule.first_s * 2.0 ** min(failures, 16), rule.longest_s)
