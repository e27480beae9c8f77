"""Exact bounds on a share of which only a sample was seen (Clopper and Pearson 1934).

Standard library only: the server judges promises as well, and imports no SciPy. The chance of at
most x among n is a regularised incomplete beta function, by its continued fraction (Lentz).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p

HALVINGS = 50
"""Of the span from 0 to 1, until a bound is as exact as a float is."""
MAX_TERMS = 10_000
SMALLEST = 1e-300
PRECISION = 1e-12


def at_most(seen: int, rows: int, share: float) -> float:
    """The chance of `seen` or fewer among `rows`, each of which has the chance `share`."""
    if seen >= rows or share <= 0:
        return 1.0
    return 0.0 if share >= 1 else _beta(rows - seen, seen + 1, 1 - share)


def upper_bound(seen: int, rows: int, confidence: float) -> float:
    """The largest share under which so few are not less likely than 1 - confidence."""
    if seen >= rows:
        return 1.0
    return _crossing(lambda share: at_most(seen, rows, share) > 1 - confidence)


def lower_bound(seen: int, rows: int, confidence: float) -> float:
    """The smallest share under which so many are not less likely than 1 - confidence."""
    if seen == 0:
        return 0.0
    return _crossing(lambda share: 1 - at_most(seen - 1, rows, share) < 1 - confidence)


def interval(seen: int, rows: int, confidence: float) -> tuple[float, float]:
    """Two-sided: (0, 1) where nothing was seen."""
    each = (1 + confidence) / 2
    return lower_bound(seen, rows, each), upper_bound(seen, rows, each)


def _crossing(holds: Callable[[float], bool]) -> float:
    """The share up to which `holds`."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1 / _apart(1 + term * d), _apart(1 + term / c)
            found *= c * d
        if abs(c * d - 1) < PRECISION:
            return found
    return found


def _apart(value: float) -> float:
    """Away from zero, by which it is divided."""
    return value if abs(value) > SMALLEST else SMALLEST
