"""Model cards: facts of a version, texts of people, one page with everything."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from schema.cards import figures
from store.records.report import CalibrationBin, ClassReport, Cluster, Confusion
from tests.schema.conftest import Caller
from tests.schema.making import published, trained

CARD = """
query($id: ID!) {
  modelVersion(id: $id) {
    card { sections { section title facts text } html revision editedAt editedBy { name } }
  }
}
"""
EDIT = """
mutation($input: EditModelCardInput!) {
  editModelCard(input: $input) { model { name } userErrors { __typename code path } }
}
"""
EVIL = '</p><script>alert(1)</script> & "friends"'


async def card(caller: Caller, version_id: str) -> Any:
    return (await caller(CARD, id=version_id))["modelVersion"]["card"]


async def edit(caller: Caller, model_id: str, *texts: tuple[str, str], **more: object) -> Any:
    sections = [{"section": section, "text": text} for section, text in texts]
    given = {"modelId": model_id, "sections": sections, **more}
    return (await caller(EDIT, input=given))["editModelCard"]


def of(shown: Any, section: str) -> Any:
    return next(each for each in shown["sections"] if each["section"] == section)


class Outside(HTMLParser):
    """What a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object"}:
            self.found.append(tag)
        self.found += [
            name for name, _ in attrs if name in {"src", "href"} or name.startswith("on")
        ]


async def test_a_card_tells_what_the_training_found(alice: Caller) -> None:
    _, version = await trained(alice)
    shown = await card(alice, version.id)
    assert len(shown["sections"]) == 9
    assert "Version 1 of letters" in of(shown, "MODEL_DETAILS")["facts"][0]
    assert any("0.900" in fact for fact in of(shown, "METRICS")["facts"])
    assert "1 rows of the data set repeat an earlier text." in of(shown, "TRAINING_DATA")["facts"]
    assert any("2 labels have no test row" in fact for fact in of(shown, "CAVEATS")["facts"])
    assert of(shown, "ETHICAL_CONSIDERATIONS")["facts"] == []
    assert (shown["revision"], shown["editedAt"], shown["editedBy"]) == (0, None, None)


async def test_what_people_write_stands_on_every_version(alice: Caller) -> None:
    version = await published(alice)
    told = await edit(alice, version.model_id, ("INTENDED_USE", " For letters. "), ("FACTORS", "x"))
    assert told == {"model": {"name": "letters"}, "userErrors": []}
    await edit(alice, version.model_id, ("FACTORS", ""))
    shown = await card(alice, version.id)
    assert of(shown, "INTENDED_USE")["text"] == "For letters."
    assert of(shown, "FACTORS")["text"] == ""
    assert shown["editedBy"] == {"name": "alice"}
    job = await alice.store.mongo.jobs.get(version.job_id)
    later = replace(version, id="mdv_later", number=2, job_id=f"{job.id}x")
    await alice.store.mongo.model_versions.insert(later)
    assert of(await card(alice, later.id), "INTENDED_USE")["text"] == "For letters."


async def test_the_page_needs_nothing_and_runs_nothing(alice: Caller) -> None:
    version = await published(alice)
    report = replace(
        version.report,
        classes=(ClassReport(EVIL, 0.5, 0.5, 0.5, 3),),
        confusions=(Confusion(EVIL, "b", 2),),
        bins=(CalibrationBin(0.8, 0.9, 5, 0.85, 0.6),),
        clusters=(Cluster(0, EVIL, 12, ("fee",), ("a secret row",), 0.8, None, 1.0, 2.0),),
    )
    await alice.store.mongo.model_versions.amend(
        version.id, lambda kept: replace(kept, report=report)
    )
    await edit(alice, version.model_id, ("CAVEATS", EVIL))
    page = (await card(alice, version.id))["html"]
    outside = Outside()
    outside.feed(page)
    assert outside.found == []
    assert page.count("&lt;script&gt;") >= 4
    assert "a secret row" not in page
    assert len(re.findall("<svg", page)) == 4


async def test_others_read_the_card_of_a_published_model_and_write_nothing(
    alice: Caller, bob: Caller
) -> None:
    version = await published(alice)
    await edit(alice, version.model_id, ("INTENDED_USE", "For letters."))
    shown = await card(bob, version.id)
    assert of(shown, "INTENDED_USE")["text"] == "For letters."
    assert shown["editedBy"] is None
    assert not any("repeat an earlier" in fact for fact in of(shown, "TRAINING_DATA")["facts"])
    told = await edit(bob, version.model_id, ("INTENDED_USE", "Mine."))
    assert [each["code"] for each in told["userErrors"]] == ["DENIED"]


async def test_bad_texts_change_nothing(alice: Caller) -> None:
    version = await published(alice)
    for texts in ([], [("FACTORS", "a"), ("FACTORS", "b")], [("FACTORS", "x" * 10_001)]):
        told = await edit(alice, version.model_id, *texts)
        assert told["userErrors"][0]["path"][:2] == ["input", "sections"]
    await edit(alice, version.model_id, ("FACTORS", "first"))
    told = await edit(alice, version.model_id, ("FACTORS", "second"), expectedVersion=0)
    assert [each["__typename"] for each in told["userErrors"]] == ["ConflictError"]
    assert of(await card(alice, version.id), "FACTORS")["text"] == "first"


def test_marks_stay_within_the_figure() -> None:
    clusters = [Cluster(n, f"c{n}", n + 1, (), (), 0.5, None, n * 1e3, -n) for n in range(9)]
    for disc in figures.cluster_map(clusters):
        assert figures.MARGIN <= disc.x <= figures.SIDE - figures.MARGIN
        assert figures.MARGIN <= disc.y <= figures.SIDE - figures.MARGIN
    assert figures.cluster_map(clusters)[0].name == "c8"
    (alone,) = figures.cluster_map(clusters[:1])
    assert (alone.x, alone.y) == (figures.SIDE / 2, figures.SIDE / 2)
    assert figures.cluster_map([]) == []


def test_the_worst_come_first() -> None:
    classes = [ClassReport(f"l{n}", 1, 1, n / 40, n) for n in range(40)]
    assert [bar.label for bar in figures.worst_classes(classes)][:2] == ["l0", "l1"]
    assert len(figures.worst_classes(classes)) == figures.BARS
    pairs = [Confusion("a", "b", 4), Confusion("b", "a", 1)]
    assert [bar.share for bar in figures.confusions(pairs)] == [1.0, 0.25]
