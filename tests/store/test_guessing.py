"""Encodings told from bytes that are no UTF-8."""

from __future__ import annotations

import pytest

from store.datasets.encodings import ENCODINGS, canonical
from store.diagnosis.guessing import bytes_of, guesses
from store.errors import InvalidValue
from workers.pipeline.problems import showable
from workers.pipeline.readers.lines import MARK_BAD_BYTES

TEXTS = {
    "Russian": ("Где моя карта? Она ещё не пришла.", "Я потерял кошелёк вчера вечером."),
    "Ukrainian": ("Де моя картка? Її ще немає.", "Я загубив гаманець учора ввечері."),
    "Polish": ("Gdzie jest moja karta, proszę? Jeszcze nie przyszła.", "Zgubiłem kartę! Źle."),
    "Czech": ("Kde je moje karta, prosím? Ještě nepřišla.", "Ztratil jsem peněženku včera večer."),
    "Greek": ("Πού είναι η κάρτα μου; Δεν έχει έρθει ακόμα.", "Έχασα το πορτοφόλι μου χθες."),
    "Turkish": ("Kartım nerede? Hâlâ gelmedi.", "Şifremi nasıl değiştirebilirim, lütfen?"),
    "Hebrew": ("איפה הכרטיס שלי? הוא עדיין לא הגיע.", "איבדתי את הארנק שלי אתמול."),
    "Arabic": ("أين بطاقتي؟ لم تصل بعد.", "فقدت محفظتي أمس وكانت البطاقة فيها."),
    "Thai": ("บัตรของฉันอยู่ที่ไหน ยังไม่มาเลย", "ฉันทำกระเป๋าเงินหายเมื่อวานนี้"),
    "Japanese": ("私のカードはどこですか？まだ届いていません。", "昨日の夜、財布をなくしました。"),
    "Chinese": ("我的卡在哪里？还没有收到。", "昨天晚上我的钱包丢了，卡也在里面。"),
    "Taiwanese": ("我的卡在哪裡？還沒有收到。", "昨天晚上我的錢包丟了，卡也在裡面。"),
    "Korean": ("제 카드는 어디에 있나요? 아직 안 왔어요.", "어제 저녁에 지갑을 잃어버렸어요."),
    "Latvian": ("Kur ir mana karte? Tā vēl nav atnākusi.", "Vakar pazaudēju maku, palīdziet!"),
    "French": ("Où est ma carte ? Ça fait déjà une semaine", "C’est très gênant, s’il vous plaît."),
}


def shown(text: str, encoding: str) -> str:
    """A value as the problem of a row shows it."""
    return showable(text.encode(encoding).decode("utf-8", MARK_BAD_BYTES))


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("Russian", "cp1251"), ("Russian", "koi8-r"), ("Russian", "cp866"),
        ("Russian", "iso-8859-5"), ("Ukrainian", "cp1251"), ("Ukrainian", "koi8-u"),
        ("Polish", "cp1250"), ("Polish", "iso-8859-2"), ("Czech", "iso-8859-2"),
        ("Greek", "cp1253"), ("Turkish", "cp1254"), ("Hebrew", "cp1255"), ("Arabic", "cp1256"),
        ("Thai", "cp874"), ("Japanese", "cp932"), ("Japanese", "euc_jp"), ("Chinese", "gb18030"),
        ("Taiwanese", "cp950"), ("Korean", "cp949"), ("Latvian", "cp1257"), ("French", "cp1252"),
    ],
)  # fmt: skip
def test_the_likeliest_encoding_comes_first(language: str, encoding: str) -> None:
    found = guesses([shown(text, encoding) for text in TEXTS[language]])
    assert found[0].encoding == encoding
    assert found[0].preview == TEXTS[language][0]
    assert len(found) <= 3


def test_a_long_value_is_cut_between_letters() -> None:
    text = "私のカードはどこですか" * 40
    (found, *_) = guesses([shown(text, "cp932")])
    assert found.encoding == "cp932"
    assert text.startswith(found.preview)


def test_letters_that_happen_to_be_utf8_are_taken_back_to_bytes() -> None:
    data = "Р°Р±".encode("cp1251") + "ж".encode("cp1251")
    assert bytes_of(showable(data.decode("utf-8", MARK_BAD_BYTES))) == data


@pytest.mark.parametrize("values", [[], ["plain words"], ["\\n is no byte"], ["\\xff\\xfe\\xfd"]])
def test_without_words_there_is_no_guess(values: list[str]) -> None:
    assert guesses(values) == ()


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Windows-1251", "cp1251"), ("latin-2", "iso-8859-2"), ("SHIFT_JIS", "cp932"),
        ("utf8", "utf-8"), ("gbk", "gb18030"), ("Latin1", "iso-8859-1"), ("koi8_r", "koi8-r"),
    ],
)  # fmt: skip
def test_usual_names_are_known(name: str, known: str) -> None:
    assert canonical(name) == known


@pytest.mark.parametrize("name", ["", "klingon", "rot13", "base64", "unicode_escape", "a\0b"])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="cp1251"):
        canonical(name)


def test_every_encoding_goes_by_its_own_name() -> None:
    assert [canonical(name) for name in ENCODINGS] == list(ENCODINGS)
