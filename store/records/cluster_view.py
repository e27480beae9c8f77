"""A version's clusters as people want to see them: the log of edits replayed over the fitted ones.

The log names clusters by ids that later versions keep, so it can be replayed over any version. An
entry that finds its cluster no longer there changes nothing, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from store.records.cluster_edit import ClusterEdit, EditKind
from store.records.cluster_map import COARSE, FINE, ClusterMap, Division, MappedCluster

MAX_KEYWORDS, MAX_EXEMPLARS = 8, 3
Shown = dict[str, MappedCluster]


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the log, and why it does not count here; None when it does."""

    edit: ClusterEdit
    reason: str | None


@dataclass(frozen=True, slots=True)
class ClusterView:
    map: ClusterMap
    clusters: tuple[MappedCluster, ...]
    steps: tuple[Step, ...]
    """Oldest first."""

    def find(self, cluster_id: str) -> MappedCluster | None:
        return next((each for each in self.clusters if each.id == cluster_id), None)

    def of_number(self, number: int) -> MappedCluster | None:
        """The cluster with all rows of a fitted one; None when that was split, and for noise."""
        return next((each for each in self.clusters if number in each.numbers), None)

    def of_part(self, part_id: str) -> MappedCluster | None:
        """The cluster that has the rows of a part."""
        return next((each for each in self.clusters if part_id in each.parts), None)

    @property
    def part_ids(self) -> tuple[str, ...]:
        """Every part that some cluster has."""
        return tuple(part for each in self.clusters for part in each.parts)


@dataclass(frozen=True, slots=True)
class ClusterNames:
    """What a version's clusters are called after all edits."""

    model_id: str
    by_number: dict[int, str]
    """The fitted clusters that are whole; no cluster of its own is noise, -1."""
    by_row: dict[int, str]
    """Rows of those that were split, by the part that they are in."""

    def is_split(self, number: int) -> bool:
        return number >= 0 and number not in self.by_number and bool(self.by_row)

    def called(self, number: int, rows: Iterable[int]) -> str | None:
        """The cluster of a text that falls into a fitted one; `rows` are its nearest, in order."""
        of_part = (self.by_row[row] for row in rows if row in self.by_row)
        return self.by_number.get(number) or next(of_part, None)


def replay(fitted: ClusterMap, edits: Sequence[ClusterEdit]) -> ClusterView:
    """The clusters after `edits`, oldest first."""
    undone = {edit.undoes for edit in edits if edit.kind is EditKind.UNDONE}
    shown = {each.id: each for each in fitted.clusters}
    steps = []
    for edit in edits:
        is_undone = edit.id in undone
        steps.append(Step(edit, "it was undone" if is_undone else _apply(edit, shown, fitted)))
    return ClusterView(fitted, _grouped(shown), tuple(steps))


def _apply(edit: ClusterEdit, shown: Shown, fitted: ClusterMap) -> str | None:
    """Change `shown`, or tell why not."""
    for cluster_id in edit.clusters:
        if cluster_id not in shown:
            return _gone(cluster_id, fitted)
    if edit.kind is EditKind.RENAMED:
        cluster = shown[edit.clusters[0]]
        shown[cluster.id] = replace(cluster, name=edit.name or cluster.name)
    elif edit.kind is EditKind.MERGED:
        return _merge(edit, shown)
    elif edit.kind is EditKind.SPLIT:
        return _split(edit, shown, fitted.division(edit.id))
    return None


def _gone(cluster_id: str, fitted: ClusterMap) -> str:
    """Why there is no such cluster here."""
    fate = fitted.fate(cluster_id)
    if fate is None:
        return f"this version has no cluster {cluster_id}"
    into = f" into {' and '.join(fate.after)}" if fate.after else ""
    return f"{cluster_id} has {fate.kind.lower()}{into} in this version"


def _merge(edit: ClusterEdit, shown: Shown) -> str | None:
    clusters = [shown[each] for each in edit.clusters]
    if len({each.level for each in clusters}) > 1:
        return "in this version they are of different levels"
    merged = merge(clusters, edit.name)
    for gone in clusters[1:]:
        del shown[gone.id]
    shown[merged.id] = merged
    away = set(edit.clusters[1:])
    for each in list(shown.values()):
        if each.parent in away:
            shown[each.id] = replace(each, parent=merged.id)
    return None


def _split(edit: ClusterEdit, shown: Shown, division: Division | None) -> str | None:
    cluster = shown[edit.clusters[0]]
    if division is None:
        return "the rows of this version were not divided"
    if (set(cluster.numbers), set(cluster.parts)) != (
        set(division.numbers), set(division.split_parts),
    ):  # fmt: skip
        return "the cluster has other rows than when it was split"
    at = list(shown).index(cluster.id)
    items = list(shown.items())
    items[at : at + 1] = [(p.id, replace(p, parent=cluster.parent)) for p in division.clusters]
    shown.clear()
    shown.update(items)
    return None


def merge(clusters: Sequence[MappedCluster], name: str | None) -> MappedCluster:
    """One cluster with the rows of all: the first one's id, means by their sizes."""
    first, size = clusters[0], sum(each.size for each in clusters)
    bounds = first.bounds
    for each in clusters[1:]:
        bounds = bounds.joined(each.bounds)
    cohesions = [each.cohesion for each in clusters]
    return replace(
        first,
        name=name or first.name,
        size=size,
        keywords=_mixed([each.keywords for each in clusters], MAX_KEYWORDS),
        exemplars=_mixed([each.exemplars for each in clusters], MAX_EXEMPLARS),
        cohesion=None if None in cohesions else _mean(clusters, [c or 0.0 for c in cohesions]),
        x=_mean(clusters, [each.x for each in clusters]),
        y=_mean(clusters, [each.y for each in clusters]),
        bounds=bounds,
        parent=max(clusters, key=lambda each: each.size).parent,
        numbers=tuple(chain.from_iterable(each.numbers for each in clusters)),
        parts=tuple(chain.from_iterable(each.parts for each in clusters)),
    )


def _mean(clusters: Sequence[MappedCluster], values: Sequence[float]) -> float:
    size = sum(each.size for each in clusters) or 1
    return sum(c.size * value for c, value in zip(clusters, values, strict=True)) / size


def _mixed(lists: Sequence[tuple[str, ...]], most: int) -> tuple[str, ...]:
    """The strongest of each, in turns."""
    turns = chain.from_iterable(zip_longest(*lists))
    return tuple(dict.fromkeys(each for each in turns if each is not None))[:most]


def _grouped(shown: Shown) -> tuple[MappedCluster, ...]:
    """Groups have the size of what they hold now; one that holds nothing is not shown."""
    sizes: dict[str | None, int] = {}
    for each in shown.values():
        if each.level == FINE:
            sizes[each.parent] = sizes.get(each.parent, 0) + each.size
    return tuple(
        replace(each, size=sizes[each.id]) if each.level == COARSE else each
        for each in shown.values()
        if each.level == FINE or each.id in sizes
    )
