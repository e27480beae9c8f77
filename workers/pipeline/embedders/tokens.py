"""Texts to token ids, with Hugging Face's tokenizers alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

_BATCH = 1024
"""Texts tokenised at a time, so that their bulky encodings never pile up."""


def load_tokenizer(file: Path, max_tokens: int | None = None) -> Tokenizer:
    """The tokenizer in `file`, without padding; cut at `max_tokens`, special tokens counted."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    if max_tokens is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(max_tokens)
    return tokenizer


def ids_of(
    tokenizer: Tokenizer, texts: Sequence[str], *, special: bool = True
) -> tuple[list[NDArray[np.int64]], NDArray[np.bool_]]:
    """Token ids of each text, and whether it was cut; `special` adds the marks a model expects."""
    ids: list[NDArray[np.int64]] = []
    cut: list[bool] = []
    for start in range(0, len(texts), _BATCH):
        batch = tokenizer.encode_batch_fast(
            texts[start : start + _BATCH], add_special_tokens=special
        )
        ids.extend(np.array(each.ids, np.int64) for each in batch)
        cut.extend(bool(each.overflowing) for each in batch)
    return ids, np.array(cut, np.bool_)
