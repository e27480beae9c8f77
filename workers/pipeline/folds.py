"""Cutting rows into folds in which every class has its share and no text is in two of them."""

from __future__ import annotations

import numpy as np

from workers.pipeline.arrays import Ints, Mask, Places


def positions(classes: Ints, groups: Ints, seed: int) -> tuple[Ints, Ints]:
    """Each row's place within its class, and the class's size, both (n,) and counted in groups.

    The groups of a class are shuffled first. A group whose rows carry several classes counts for
    the class of its first row.
    """
    unique, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    of_group = classes[first]
    shuffled = np.random.default_rng(seed).permutation(len(unique))
    order = shuffled[np.argsort(of_group[shuffled], kind="stable")]
    _, start, size = np.unique(of_group[order], return_index=True, return_counts=True)
    place, sizes = np.empty_like(unique), np.empty_like(unique)
    place[order] = np.arange(len(order)) - np.repeat(start, size)
    sizes[order] = np.repeat(size, size)
    return place[inverse], sizes[inverse]


def folds(classes: Ints, groups: Ints, count: int, seed: int) -> Ints:
    """(n,): the fold of each row, 0 to count - 1; -1, in none, for the only text of its class."""
    place, size = positions(classes, groups, seed)
    return np.where(size > 1, place % count, -1)


def held_out(classes: Ints, groups: Ints, share: float, seed: int) -> Mask:
    """(n,): true for about `share` of each class; a class of one text keeps it for training."""
    place, size = positions(classes, groups, seed)
    wanted = np.clip(np.rint(size * share), np.where(size > 1, 1, 0), size - 1)
    return np.asarray(place < wanted, np.bool_)


def sample(classes: Ints, groups: Ints, rows: int, seed: int) -> Places:
    """Places of `rows` rows at most, each class in proportion, in their old order."""
    place, size = positions(classes, groups, seed)
    order = np.argsort(place / size, kind="stable")
    return np.sort(order[:rows])
