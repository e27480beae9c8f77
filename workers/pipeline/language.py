"""The language of a data set, guessed from a sample by py3langid (139 languages, no download)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from store.records.dataset import LanguageShare

SURE = 0.5
"""Probability from which a row's guess counts; rows of a word or two seldom reach it."""
MAX_CHARACTERS = 1_000
"""Characters of a row that are looked at."""
_NO_LANGUAGE = "zxx"


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def languages_of(texts: Iterable[str]) -> tuple[LanguageShare, ...]:
    """Each language's share of the rows that can be told, the most frequent first."""
    votes: Counter[str] = Counter()
    for text in texts:
        language, probability = _identifier().classify(text[:MAX_CHARACTERS])
        if probability >= SURE and language != _NO_LANGUAGE:
            votes[language] += 1
    return tuple(
        LanguageShare(language, count / votes.total()) for language, count in votes.most_common()
    )
