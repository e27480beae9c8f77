"""What a version holds, counted while its rows stream by: about 21 bytes of memory a row."""

from __future__ import annotations

from array import array
from random import Random

import numpy as np
from numpy.typing import NDArray

from store.records.dataset import LabelCount, Lengths, Profile
from workers.pipeline.language import guess_language
from workers.pipeline.rows import Row

MAX_LABELS = 1_000
"""Labels that are listed; all are counted."""
SAMPLE = 500
"""Rows from which the language is guessed."""
_NONE = -1

Codes = NDArray[np.int32]
Hashes = NDArray[np.int64]


class _Names:
    """Numbers for names, in the order in which they come; -1 for None."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._column = array("i")

    def add(self, name: str | None) -> None:
        code = _NONE if name is None else self._codes.setdefault(name, len(self._codes))
        self._column.append(code)

    @property
    def codes(self) -> Codes:
        return np.frombuffer(self._column, dtype=np.int32)

    def counts(self) -> tuple[LabelCount, ...]:
        """Most frequent first, then by name."""
        rows = np.bincount(self.codes[self.codes != _NONE], minlength=len(self._codes))
        pairs = zip(self._codes, rows.tolist(), strict=True)
        ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        return tuple(LabelCount(name, count) for name, count in ordered)


class Profiler:
    """Compares texts by 64-bit hashes: one chance in 300,000 of a mistake in 10 million rows."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._lengths = array("i")
        self._labels = _Names()
        self._splits = _Names()
        self._sample: list[str] = []
        self._random = Random(0)

    @property
    def rows(self) -> int:
        return len(self._hashes)

    def add(self, row: Row) -> None:
        self._keep_sample(row.text)
        self._hashes.append(hash(row.text))
        self._lengths.append(len(row.text))
        self._labels.add(row.label)
        self._splits.add(row.split)

    def _keep_sample(self, text: str) -> None:
        """Reservoir sampling: each row so far has the same chance to be kept."""
        if len(self._sample) < SAMPLE:
            self._sample.append(text)
        elif (place := int(self._random.random() * (self.rows + 1))) < SAMPLE:
            self._sample[place] = text

    def labels_differing_in_case(self) -> list[tuple[str, ...]]:
        """Groups of labels that are one but for upper and lower case."""
        groups: dict[str, list[str]] = {}
        for count in self._labels.counts():
            groups.setdefault(count.label.casefold(), []).append(count.label)
        return [tuple(group) for group in groups.values() if len(group) > 1]

    def profile(self, *, empty_rows: int, sequences: bool) -> Profile:
        """The counts so far, over one row at least; sequences have no language."""
        labels = self._labels.counts()
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        language, share = (None, 0.0) if sequences else guess_language(self._sample)
        return Profile(
            rows=self.rows,
            labelled_rows=sum(count.rows for count in labels),
            labels=labels[:MAX_LABELS],
            label_count=len(labels),
            lengths=_lengths(np.frombuffer(self._lengths, dtype=np.int32)),
            duplicate_rows=self.rows - len(np.unique(hashes)),
            conflicting_rows=_conflicting(hashes, self._labels.codes),
            empty_rows=empty_rows,
            split_rows=self._splits.counts()[:MAX_LABELS],
            leaked_rows=_leaked(hashes, self._splits.codes),
            language=language,
            language_share=share,
        )


def _lengths(lengths: NDArray[np.int32]) -> Lengths:
    median, p95 = np.percentile(lengths, (50, 95), method="lower").tolist()
    return Lengths(
        min=int(lengths.min()),
        median=int(median),
        p95=int(p95),
        max=int(lengths.max()),
        mean=round(float(lengths.mean()), 1),
    )


def _conflicting(hashes: Hashes, labels: Codes) -> int:
    """Labelled rows whose label is not that of the first labelled row of their text."""
    labelled = labels != _NONE
    hashes, labels = hashes[labelled], labels[labelled]
    _, first, text = np.unique(hashes, return_index=True, return_inverse=True)
    return int((labels != labels[first][text]).sum())


def _leaked(hashes: Hashes, splits: Codes) -> int:
    """Rows of a split whose text is in another split as well."""
    given = splits != _NONE
    _, text = np.unique(hashes[given], return_inverse=True)
    pairs = np.unique(np.stack([text, splits[given]]), axis=1)
    split_count = np.bincount(pairs[0])
    return int((split_count[text] > 1).sum())
