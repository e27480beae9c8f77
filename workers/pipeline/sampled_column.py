"""What a sample of rows says about one of their columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from workers.pipeline.nested import alone, value_at
from workers.pipeline.readers.header import is_number
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.rows import NestedValue, as_text

_SIGNS = re.compile(r"[^A-Za-z\u0080-\U0010ffff]*")


@dataclass(frozen=True, slots=True)
class SampledColumn:
    """What a sample says about one column."""

    name: str
    rows: int
    values: tuple[str, ...]
    """Those that are not empty."""
    nested: int

    @property
    def filled(self) -> bool:
        return bool(self.values or self.nested)

    @property
    def distinct(self) -> int:
        return len(set(self.values))

    @property
    def length(self) -> float:
        return median(map(len, self.values))

    @property
    def wordy(self) -> bool:
        """Whether it holds words rather than numbers or lists."""
        if 2 * self.nested > self.rows:
            return False
        words = sum(not is_number(each) and not _SIGNS.fullmatch(each) for each in self.values)
        return 2 * words > len(self.values)

    @property
    def has_words(self) -> bool:
        """Whether it holds words other than yes and no."""
        return self.wordy and not set(self.values) <= {"true", "false"}

    @property
    def running(self) -> bool:
        """Whether it holds running text: blanks, or a script that may write without them."""
        running = sum(" " in value or not value.isascii() for value in self.values)
        return 2 * running >= len(self.values)

    @property
    def plain_name(self) -> str:
        """Within objects the last part counts: `text` in `data.text`."""
        return self.name.rpartition(".")[2].casefold()

    def named(self, names: Sequence[str]) -> bool:
        return self.plain_name in names


def summary(name: str, sample: Sequence[RawRow]) -> SampledColumn:
    """What the rows of `sample` hold under `name`."""
    values, nested = [], 0
    for row in sample:
        value = value_at(row.values, name)
        nested += isinstance(value, (list, tuple, dict))
        try:
            values.append(as_text(alone(value)))
        except NestedValue:
            continue
    return SampledColumn(name, len(sample), tuple(filter(None, values)), nested)
