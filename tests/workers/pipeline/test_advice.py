"""What a profile warns of."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.records.advice import Advice, AdviceCode
from store.records.dataset import DataKind, LanguageShare
from store.records.training import EmbedderKind, EmbedderSpec
from tests.workers.pipeline.data import QUESTIONS, csv_text, read
from workers.pipeline.advice import MULTILINGUAL, advice

ENGLISH = [text for text, _ in QUESTIONS]
FOREIGN = {
    "de": [
        "Wo bleibt meine Karte?", "Ich habe meine Karte verloren.", "Wie ändere ich die PIN?",
        "Die Überweisung ist noch nicht angekommen.", "Warum wurde die Zahlung abgelehnt?",
        "Kann ich das Konto online schließen?",
    ],
    "fr": [
        "Où est ma carte ?", "J'ai perdu ma carte hier.", "Comment changer le code secret ?",
        "Le virement n'est pas encore arrivé.", "Pourquoi le paiement a-t-il été refusé ?",
        "Puis-je fermer mon compte en ligne ?",
    ],
    "zh": [
        "我的卡在哪里？", "我昨天丢了银行卡。", "怎么修改密码？", "转账还没有到账。",
        "为什么付款被拒绝？", "我可以在网上关闭账户吗？",
    ],
    "ar": [
        "أين بطاقتي؟", "لقد فقدت بطاقتي أمس.", "كيف أغير الرقم السري؟", "لم يصل التحويل بعد.",
        "لماذا رفض الدفع؟", "هل يمكنني إغلاق الحساب عبر الإنترنت؟",
    ],
}  # fmt: skip


def warnings(folder: Path, texts: list[str]) -> tuple[Advice, ...]:
    rows = tuple((text, "ab"[number % 2]) for number, text in enumerate(texts))
    return read(folder, csv_text(rows)).result.profile.warnings


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_warn(tmp_path: Path, language: str) -> None:
    (warning,) = warnings(tmp_path, FOREIGN[language])
    assert warning.code is AdviceCode.NOT_ENGLISH
    assert f"({language} " in warning.message
    assert warning.embedder is not None


def test_a_mixture_warns(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, ENGLISH + FOREIGN["de"])
    assert "en 6" in warning.message and "de 3" in warning.message  # shares, as 67% and 33%


def test_english_does_not_warn(tmp_path: Path) -> None:
    assert warnings(tmp_path, ENGLISH) == ()
    assert warnings(tmp_path, [*ENGLISH * 2, "Wo bleibt meine Karte?"]) == ()
    assert warnings(tmp_path, ["ok", "12", "x7", "?!"]) == ()


def test_what_is_not_here_is_not_proposed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    german = [LanguageShare("de", 1.0)]
    (warning,) = advice(german, None)
    assert warning.embedder == EmbedderSpec(kind=EmbedderKind.TFIDF)
    lay_model(tmp_path, f"sentence-transformers/{MULTILINGUAL[0]}")
    lay_model(tmp_path, MULTILINGUAL[3])
    (warning,) = advice(german, None)
    assert warning.embedder == EmbedderSpec(model=MULTILINGUAL[0])
    assert MULTILINGUAL[0] in warning.message


def lay_model(cache: Path, name: str) -> None:
    """A model's folder as Hugging Face's cache has it."""
    repository = cache / f"models--{name.replace('/', '--')}"
    (repository / "snapshots" / "1").mkdir(parents=True)
    (repository / "snapshots" / "1" / "config.json").write_text("{}")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("1")


def test_proteins_warn(tmp_path: Path) -> None:
    proteins = read(tmp_path, ">a\nMKVLWQ\n>b\nMEEPQ\n", "p.faa", kind=DataKind.SEQUENCE)
    (warning,) = proteins.result.profile.warnings
    assert (warning.code, warning.embedder) == (
        AdviceCode.PROTEIN, EmbedderSpec(kind=EmbedderKind.TFIDF),
    )  # fmt: skip
    genes = read(tmp_path, ">a\nACGTACGT\n", "n.fasta", kind=DataKind.SEQUENCE)
    assert genes.result.profile.warnings == ()
