"""Which encoding bytes may be in that are no UTF-8, told from the letters that each would give.

Every encoding turns most bytes into something. The right one gives letters of its own languages, in
places where such letters stand: accented Latin ones beside plain ones, those of other scripts apart
from them, capitals where a word begins. Each letter that is not ASCII votes for or against.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

MIN_SCORE = 0.5
CLOSE = 0.25
"""How far behind the best one another may lie and still be worth a look."""
MOST = 3
SELDOM = 0.4
"""The vote of a letter that belongs there, but is not frequent."""
ESCAPE = re.compile(r"\\x([89a-f][0-9a-f])")
"""A byte that could not be decoded, as problems show it."""
_CUT = re.compile(r"\\(x[0-9a-f]?)?…$|…$")
_SIGNS = frozenset("«»„“”‘’–—…€№°§©®\u00a0、。「」！？，：；（）・ー")
_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行"
    "所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行"
    "所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無"
)
_HANGUL = "이다는에가을를의고지하나어아기도로은사자리시들인대그한서해있없었을습니스제일수정것라안요"

Weigh = Callable[[str, str, str], float]
"""The vote of a letter, -1 to 1, from itself and its neighbours."""


class Guess(NamedTuple):
    encoding: str
    preview: str
    """How the first of the samples reads in it."""


def guesses(shown: Iterable[str]) -> tuple[Guess, ...]:
    """The likeliest encodings, best first, from values of problems that show undecodable bytes."""
    samples = [bytes_of(value) for value in shown if ESCAPE.search(value)]
    if not samples:
        return ()
    scored = [(_score(samples, name, weigh), name) for name, weigh in VOTERS.items()]
    best = max(score for score, _ in scored)
    likely = [each for each in scored if each[0] >= max(MIN_SCORE, best - CLOSE)]
    likely.sort(key=lambda each: -each[0])
    return tuple(Guess(name, _decoded(samples[0], name).strip()) for _, name in likely[:MOST])


def bytes_of(shown: str) -> bytes:
    """The bytes that a value had in the file; what was cut off at its end is left out."""
    parts = ESCAPE.split(_CUT.sub("", shown))
    return b"".join(
        bytes.fromhex(part) if place % 2 else part.encode("utf-8", "ignore")
        for place, part in enumerate(parts)
    )


def _decoded(sample: bytes, encoding: str) -> str:
    """The last letter may be cut in two, which is no fault."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


def _score(samples: list[bytes], encoding: str, weigh: Weigh) -> float:
    """The mean vote of all letters beyond ASCII."""
    votes: list[float] = []
    for sample in samples:
        text = f" {_decoded(sample, encoding)} "
        votes += [
            0.3 if text[at] in _SIGNS else weigh(text[at], text[at - 1], text[at + 1])
            for at in range(1, len(text) - 1)
            if not text[at].isascii()
        ]
    return sum(votes) / max(len(votes), 1)


def _is_plain(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _latin(frequent: str, others: str = "") -> Weigh:
    """Accented letters of words whose other letters are plain."""
    return _letters(frequent, others, among_plain=True)


def _script(frequent: str, others: str = "") -> Weigh:
    """Letters of words that have no plain ones."""
    return _letters(frequent, others, among_plain=False)


def _letters(frequent: str, others: str, among_plain: bool) -> Weigh:
    weights = dict.fromkeys(others, SELDOM) | dict.fromkeys(frequent, 1.0)

    def weigh(letter: str, before: str, behind: str) -> float:
        weight = weights.get(letter.lower())
        if weight is None or (letter.isupper() and before.islower()):
            return -1.0
        touches_plain = _is_plain(before) or _is_plain(behind)
        return weight if touches_plain == among_plain else -0.5

    return weigh


def _wide(frequent: str, first: str, last: str) -> Weigh:
    """Scripts of thousands of signs, of which `frequent` are half of what is written."""
    known = frozenset(frequent)

    def weigh(letter: str, before: str, behind: str) -> float:
        if letter in known:
            return 1.0
        return SELDOM if first <= letter <= last or _is_han(letter) else -1.0

    return weigh


def _is_han(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


_CYRILLIC = _script("оеаинтсрвлкмі", "бгдёжзйпуфхцчшщъыьэюяїєґўђјљњћџѓќѕ")
_GREEK = _script("αοιετνσςρηάίόέυ", "βγδζθκλμξπφχψωήύώϊϋΐΰ")
_CENTRAL = _latin("ąćęłóśżáčéěířšýžöüőâş", "ńźďňťúůűäôĺľŕăîţđ")
_JAPANESE = _wide(
    "のにはをたがでてとしれさいもなるっらかすこまんりくけだきあせよ", "\u3041", "\u30ff"
)

VOTERS: dict[str, Weigh] = {
    "cp1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "cp866": _CYRILLIC,
    "iso-8859-5": _CYRILLIC,
    "cp1250": _CENTRAL,
    "iso-8859-2": _CENTRAL,
    "cp1252": _latin("éèêàçáíóúñäöüßãõåøæ", "âëìîïòôùûýÿœšžðþ"),
    "cp1254": _latin("ığşçöü", "âîûi"),
    "cp1257": _latin("āčēīšūžėąęįųõäöü", "ģķļņ"),
    "cp1253": _GREEK,
    "iso-8859-7": _GREEK,
    "cp1255": _script("יוהלאתרמבשנ", "גדזחטכךםןסעפףצץק"),
    "cp1256": _script("ايلونمتربعدهأفسكق", "ءآؤإئةثجحخذزشصضطظغىپچژگ"),
    "cp874": _script("านรอกเงมลยวดทสตะปคหแไ่้ัีิ", "".join(map(chr, range(0x0E01, 0x0E5C)))),
    "cp932": _JAPANESE,
    "euc_jp": _JAPANESE,
    "gb18030": _wide(_SIMPLIFIED, "\u4e00", "\u9fff"),
    "cp950": _wide(_TRADITIONAL, "\u4e00", "\u9fff"),
    "cp949": _wide(_HANGUL, "\uac00", "\ud7a3"),
}
"""In the order in which equal scores are settled."""
