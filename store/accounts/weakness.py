"""How many guesses a password takes of somebody who begins with the common ones.

It is cut into known words and single characters so that it costs the fewest: a word costs the
logarithm of its rank among the common passwords, also when it is written with digits for letters.
That takes time linear in its length. (zxcvbn, after which this is modelled, takes seconds for 72
characters that could all stand for several letters.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from math import inf, log10
from pathlib import Path

LIST = Path(__file__).with_name("common_passwords.txt")
SHORTEST, LONGEST = 3, 30
"""Words that are looked for."""
DIGIT, LETTER, OTHER = 1.0, 1.4, 1.5
"""What one character costs: the logarithm of how many there are of its kind."""
IN_DISGUISE = 0.3
"""What a word costs more that is written with capitals, or with digits for letters."""
UNDISGUISED = str.maketrans("4@831!0$57", "aabeiiosst")


def guesses_log10(password: str, about: Iterable[str] = ()) -> float:
    """Of a password that is not empty; `about` is what is known of its owner."""
    ranks = {**common(), **{part: 1 for each in about for part in _parts(each)}}
    chunk = _repeated(password)
    return _cheapest(chunk, ranks) + log10(len(password) / len(chunk))


@cache
def common() -> Mapping[str, int]:
    """The rank of every common password."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    return {word: rank for rank, word in enumerate(words, 1) if len(word) >= SHORTEST}


def _parts(about: str) -> set[str]:
    """A name or an email, and the words in it."""
    parts = {about.lower(), *re.split(r"[\W_]+", about.lower())}
    return {part for part in parts if len(part) >= SHORTEST}


def _repeated(text: str) -> str:
    """What the text says again and again; all of it if it does not."""
    period = (text + text).find(text, 1)
    return text[:period] if period > 0 else text


def _cheapest(text: str, ranks: Mapping[str, int]) -> float:
    """The cost of the cheapest way to cut the text, from left to right."""
    costs = [0.0]
    for end in range(1, len(text) + 1):
        best = costs[end - 1] + _of_one(text[end - 1])
        for begin in range(max(0, end - LONGEST), end - SHORTEST + 1):
            best = min(best, costs[begin] + _of_word(text[begin:end], ranks))
        costs.append(best)
    return costs[-1]


def _of_one(character: str) -> float:
    return DIGIT if character.isdigit() else LETTER if character.isalpha() else OTHER


def _of_word(word: str, ranks: Mapping[str, int]) -> float:
    if word in ranks:
        return log10(ranks[word])
    plain = word.lower()
    found = [ranks[form] for form in (plain, plain.translate(UNDISGUISED)) if form in ranks]
    return log10(min(found)) + IN_DISGUISE if found else inf
