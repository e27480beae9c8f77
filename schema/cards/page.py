"""A card as one HTML file that needs nothing else: no script, no link, no font from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from schema.cards import figures
from schema.cards.facts import Subject, facts
from store.records.card import Card, CardSection

TITLES = {
    CardSection.MODEL_DETAILS: "Model details",
    CardSection.INTENDED_USE: "Intended use",
    CardSection.FACTORS: "Factors",
    CardSection.METRICS: "Metrics",
    CardSection.EVALUATION_DATA: "Evaluation data",
    CardSection.TRAINING_DATA: "Training data",
    CardSection.QUANTITATIVE_ANALYSES: "Quantitative analyses",
    CardSection.ETHICAL_CONSIDERATIONS: "Ethical considerations",
    CardSection.CAVEATS: "Caveats and recommendations",
}
_pages = Environment(
    loader=PackageLoader("schema.cards", ""), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one title: what the training knows, then what people wrote."""

    section: CardSection
    title: str
    facts: list[str]
    text: str


def sections(subject: Subject, card: Card) -> list[Section]:
    """All of them, in the order of a card."""
    return [
        Section(section, title, facts(subject, section), card.text(section))
        for section, title in TITLES.items()
    ]


def html(subject: Subject, found: Sequence[Section]) -> str:
    """The page, with every name and text escaped."""
    report = subject.version.report
    return _pages.get_template("page.html.j2").render(
        model=subject.model,
        version=subject.version,
        sections=found,
        side=figures.SIDE,
        margin=figures.MARGIN,
        classes=figures.worst_classes(report.classes),
        confusions=figures.confusions(report.confusions),
        reliability=figures.reliability(report.bins),
        clusters=figures.cluster_map(report.clusters),
    )
