"""Where the marks of a card's figures stand, in units of an SVG's view box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.records.report import CalibrationBin, ClassReport, Cluster, Confusion

SIDE = 320.0
"""Of the square figures."""
MARGIN = 24.0
BARS = 30
LARGEST = 22.0
"""Radius of the largest cluster's disc."""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    share: float
    """Of the figure's width, 0 to 1."""
    told: str


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float
    name: str
    told: str


def worst_classes(classes: Sequence[ClassReport]) -> list[Bar]:
    """F1 of the labels that are recognised worst, the worst first."""
    ordered = sorted(classes, key=lambda each: (each.f1, each.label))[:BARS]
    return [
        Bar(each.label, each.f1, f"F1 {each.f1:.2f}, {each.support:,} test rows")
        for each in ordered
    ]


def confusions(pairs: Sequence[Confusion]) -> list[Bar]:
    """The pairs that are taken for one another most often."""
    most = max((each.rows for each in pairs), default=1)
    return [
        Bar(f"{each.actual} → {each.predicted}", each.rows / most, f"{each.rows:,} rows")
        for each in pairs[:BARS]
    ]


def reliability(bins: Iterable[CalibrationBin]) -> list[Disc]:
    """Accuracy (up) against confidence (across); a disc's area goes with its rows."""
    filled = [each for each in bins if each.rows]
    most = max((each.rows for each in filled), default=1)
    return [
        Disc(
            _across(each.confidence), _up(each.accuracy),
            max(2.0, 10 * (each.rows / most) ** 0.5), "",
            f"said {each.confidence:.2f}, was {each.accuracy:.2f} ({each.rows:,} rows)",
        )
        for each in filled
    ]  # fmt: skip


def cluster_map(clusters: Sequence[Cluster]) -> list[Disc]:
    """The clusters where they lie, the largest first, so that small ones stay visible."""
    if not clusters:
        return []
    xs, ys = [each.x for each in clusters], [each.y for each in clusters]
    most = max(each.size for each in clusters)
    return [
        Disc(
            _across(_scaled(each.x, xs)), _up(_scaled(each.y, ys)),
            max(2.0, LARGEST * (each.size / most) ** 0.5), each.name, f"{each.size:,} rows",
        )
        for each in sorted(clusters, key=lambda each: -each.size)
    ]  # fmt: skip


def _scaled(value: float, among: Sequence[float]) -> float:
    low, high = min(among), max(among)
    return (value - low) / (high - low) if high > low else 0.5


def _across(share: float) -> float:
    return round(MARGIN + share * (SIDE - 2 * MARGIN), 2)


def _up(share: float) -> float:
    return round(SIDE - MARGIN - share * (SIDE - 2 * MARGIN), 2)
