"""What a version holds, counted while its rows stream by: about 21 bytes of memory a row."""

from __future__ import annotations

from array import array
from collections import Counter
from random import Random

import numpy as np
from numpy.typing import NDArray

from store.records.dataset import LabelCount, LanguageShare, Lengths, Profile, Rejections
from workers.pipeline.advice import advice
from workers.pipeline.language import languages_of
from workers.pipeline.phred import Qualities
from workers.pipeline.rows import Row
from workers.pipeline.sequence_profile import SequenceProfiler
from workers.pipeline.sequences import look_like_sequences

MAX_LABELS = 1_000
"""Labels that are listed; all are counted."""
MAX_LANGUAGES = 5
SAMPLE = 500
"""Rows from which the language is guessed."""
_NONE = -1
_JOINED_BY = (";", "|", ",")
JOINED_ROWS, JOINED_PARTS = 0.1, 0.8
"""Share of labelled rows whose label is joined of several, and of parts that other labels have too,
from which they are thought to be joined."""

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

    def __init__(self, *, sequences: bool = False) -> None:
        self._sequences = SequenceProfiler() if sequences else None
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
        if self._sequences is not None:
            self._sequences.add(row.text, row.name)

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

    def joined_labels(self) -> LabelCount | None:
        """The most frequent label that is several joined by a sign; None where labels are whole."""
        counts = self._labels.counts()[:MAX_LABELS]
        for sign in _JOINED_BY:
            parted = {each: {part.strip() for part in each.label.split(sign)} for each in counts}
            joined = [each for each in counts if len(parted[each]) > 1]
            known = Counter(part for parts in parted.values() for part in parts)
            parts = [known[part] > 1 for each in joined for part in parted[each]]
            rows = sum(each.rows for each in joined)
            often = joined and rows >= JOINED_ROWS * sum(each.rows for each in counts)
            if often and sum(parts) >= JOINED_PARTS * len(parts):
                return joined[0]
        return None

    @property
    def is_of_sequences_as_text(self) -> bool:
        return self._sequences is None and look_like_sequences(self._sample)

    def profile(
        self, *, empty_rows: int, qualities: Qualities | None = None,
        rejections: tuple[Rejections, ...] = (),
    ) -> Profile:  # fmt: skip
        """The counts so far, over one row at least; sequences have no language."""
        labels = self._labels.counts()
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        lengths = np.frombuffer(self._lengths, dtype=np.int32)
        unspoken = self._sequences is not None or self.is_of_sequences_as_text
        languages = () if unspoken else languages_of(self._sample)
        found = self._sequences.profile(lengths, qualities) if self._sequences else None
        top = languages[0] if languages else LanguageShare("", 0.0)
        return Profile(
            rows=self.rows,
            labelled_rows=sum(count.rows for count in labels),
            labels=labels[:MAX_LABELS],
            label_count=len(labels),
            lengths=_lengths(lengths),
            duplicate_rows=self.rows - len(np.unique(hashes)),
            conflicting_rows=_conflicting(hashes, self._labels.codes),
            empty_rows=empty_rows,
            split_rows=self._splits.counts()[:MAX_LABELS],
            leaked_rows=_leaked(hashes, self._splits.codes),
            language=top.language or None,
            language_share=top.share,
            languages=languages[:MAX_LANGUAGES],
            sequences=found,
            rejections=rejections,
            warnings=advice(languages, found),
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
