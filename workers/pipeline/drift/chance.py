"""Whether two samples differ by more than chance: permutation tests of several signs at once.

Under chance it does not matter which of the pooled texts are called the period's. So they are dealt
out anew PERMUTATIONS times, and a sign has drifted where its value exceeds all but the ALLOWED
largest of those. That is exact whatever the sign measures and however few texts there are; the
share of LEVEL that each sign gets (Bonferroni) bounds the chance that any of them errs.

On eight cuts of banking77 with eight classes left out, days of 150 texts of which a tenth were of
these: ranks to the tenth power told 47 % of the days, the share beyond 95 % of the held-out rows
23 %, beyond 90 % 30 %, Fisher's sum of logarithms 37 % and ranks as they are 13 %; of days with a
fifth 99, 89, 97, 99 and 80 %. The maximum mean discrepancy told none: it looks at the whole mix,
and is there for days on which that moves elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import rankdata

from store.records.drift import LEVEL, DriftFigure, DriftSign
from workers.pipeline.arrays import Doubles, Floats, Ints

PERMUTATIONS = 999
ALLOWED = int(LEVEL / len(DriftSign) * (PERMUTATIONS + 1)) - 1
"""Of the permuted values, how many may be as large as one that has drifted."""
UPPER = 10
"""Of ranks: the highest count, as where only some of the texts are unlike the others."""
SCALED_BY = 500
"""Texts of which the median distance is taken."""


@dataclass(frozen=True)
class Deal:
    """N pooled texts, the period's first: who is the period's in fact, and in each permutation."""

    members: Floats
    """(N, 1 + PERMUTATIONS), 0 or 1."""
    own: int
    others: int

    @classmethod
    def of(cls, own: int, others: int, chance: np.random.Generator) -> Deal:
        truth = np.zeros(own + others, np.float32)
        truth[:own] = 1
        permuted = chance.permuted(np.tile(truth, (PERMUTATIONS, 1)), axis=1)
        return cls(np.ascontiguousarray(np.vstack([truth, permuted]).T), own, others)

    def discrepancy(self, vectors: Floats) -> Doubles:
        """Squared maximum mean discrepancy, unbiased, by a Gaussian kernel as wide as the median
        distance (Gretton et al. 2012, lemma 6 and section 8)."""
        squares = np.maximum(2 - 2 * vectors @ vectors.T, 0)
        some = squares[:: max(len(squares) // SCALED_BY, 1), :: max(len(squares) // SCALED_BY, 1)]
        kernel = np.exp(-squares / max(float(np.median(some)), 1e-9))
        np.fill_diagonal(kernel, 0)
        towards = kernel @ self.members
        within = (self.members * towards).sum(axis=0, dtype=np.float64)
        across = towards.sum(axis=0, dtype=np.float64) - within
        rest = kernel.sum(dtype=np.float64) - within - 2 * across
        n, m = self.own, self.others
        return np.asarray(within / (n * (n - 1)) + rest / (m * (m - 1)) - 2 * across / (n * m))

    def upper_ranks(self, values: Doubles) -> Doubles:
        """Mean of the period's ranks among all, from 0 to 1, to the power of UPPER (Conover and
        Salsburg 1988: most powerful where a part of a sample is shifted); 1 / (1 + UPPER) by
        chance."""
        weights = (rankdata(values) / (len(values) + 1)) ** UPPER
        means = weights @ self.members / self.own
        return np.asarray(means.round(12))  # of equal values, whatever order they were summed in

    def counts(self, kinds: Ints, count: int) -> tuple[Doubles, Doubles]:
        """Both (count, 1 + PERMUTATIONS): of each kind among the period's texts, and the rest."""
        texts = np.arange(len(kinds))
        of_kind = csr_array((np.ones(len(kinds)), (kinds, texts)), shape=(count, len(kinds)))
        own = np.asarray(of_kind @ self.members, np.float64)
        return own, np.asarray(of_kind.sum(axis=1)).reshape(-1, 1) - own

    def divergence(self, kinds: Ints, count: int) -> Doubles:
        """Jensen-Shannon distance, base 2 (Lin 1991; the root, Endres and Schindelin 2003)."""
        own, rest = self.counts(kinds, count)
        p, q = own / self.own, rest / self.others
        return np.asarray(np.sqrt(np.maximum(divergences(p, q).sum(axis=0), 0)))

    def largest_gap(self, values: Doubles) -> Doubles:
        """Kolmogorov and Smirnov's: of both shares of values up to any point."""
        order = np.argsort(values, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(values[order]) > 0, True))  # equal values together
        own = np.cumsum(self.members[order], axis=0, dtype=np.float64)[ends]
        shares = own / self.own - (ends[:, None] + 1 - own) / self.others
        return np.asarray(np.abs(shares).max(axis=0))


def divergences(p: Doubles, q: Doubles) -> Doubles:
    """What each place adds to the Jensen-Shannon divergence, in bits; `p` and `q` are shares."""
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(each > 0, each * np.log2(each / middle), 0) for each in (p, q)]
    return np.asarray((parts[0] + parts[1]) / 2)


def stability_index(own: Doubles, rest: Doubles) -> float:
    """Population stability index of two histograms; half a count is added to each bin, for empty
    ones have no logarithm."""
    p, q = ((each + 0.5) / (each.sum() + 0.5 * len(each)) for each in (own, rest))
    return float(((p - q) * np.log(p / q)).sum())


def figure(sign: DriftSign, values: Doubles, index: float | None = None) -> DriftFigure:
    """`values`: the one in fact, then the permuted ones."""
    value, permuted = float(values[0]), np.sort(values[1:])
    as_large = PERMUTATIONS - int(np.searchsorted(permuted, value - 1e-12))
    threshold = float(permuted[-1 - ALLOWED])
    return DriftFigure(sign, value, threshold, (1 + as_large) / (1 + PERMUTATIONS), index)
