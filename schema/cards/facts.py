"""What a training knows of its model, in sentences, by section of the card.

No sentence holds a row's text: a card goes to people who may not see the data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from store.records.card import CardSection
from store.records.dataset import DataKind, DatasetVersion
from store.records.model import Model, ModelVersion
from store.records.report import ClassReport
from store.records.training import EmbedderKind

FEW_TEST_ROWS = 10
BADLY_CALIBRATED = 0.05
BEST, WORST, CONFUSED = 3, 5, 5


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about; `data` is None for a viewer who may not see it."""

    model: Model
    version: ModelVersion
    data: DatasetVersion | None


def facts(subject: Subject, section: CardSection) -> list[str]:
    """One sentence each; empty where only people can know."""
    tell = FACTS.get(section)
    return tell(subject) if tell else []


def _details(subject: Subject) -> list[str]:
    version, report = subject.version, subject.version.report
    embedder, classifier = version.spec.embedder, "multinomial logistic regression on the vectors"
    name = f" ({embedder.model}, {embedder.precision})" if _is_neural(version) else ""
    with_terms = " and linear machines on its terms" if report.sparse_view else ""
    return [
        f"Version {version.number} of {subject.model.name}, made on {version.created_at:%d %B %Y}.",
        f"A {_thing(version)} becomes a vector by {embedder.kind}{name}.",
        f"The label comes from {classifier}{with_terms} (C = {report.c:g}), "
        f"tempered by {report.temperature:.3g}.",
        f"The bundle has {version.bytes / 2**20:.1f} MB; "
        f"SHA-256 of its manifest: {version.manifest_sha256}.",
    ]


def _use(subject: Subject) -> list[str]:
    version = subject.version
    told = [f"It gives a {_thing(version)} one of {len(version.labels)} labels."]
    if version.report.labels_from_clusters:
        told.append("The labels are clusters that were found in the data: nobody assigned them.")
    below = version.spec.classifier.abstain_below
    if below:
        told.append(f"It abstains where no label reaches a probability of {below:g}.")
    return told


def _factors(subject: Subject) -> list[str]:
    profile = subject.data.profile if subject.data else None
    if profile is None:
        return []
    told = [f"Half of the rows have at most {profile.lengths.median:,} characters."]
    if profile.language:
        share = f"{profile.language_share:.0%} of the rows that can be told"
        told.append(f"The language is {profile.language} ({share}).")
    return told


def _metrics(subject: Subject) -> list[str]:
    report = subject.version.report
    return [
        f"Accuracy, the share of test rows that are right: {report.accuracy:.3f}.",
        f"Macro F1, the mean F1 of the labels, each counted alike: {report.macro_f1:.3f}.",
        "Expected calibration error, how far probabilities are from how often they are right: "
        f"{report.ece:.3f} ({report.ece_before:.3f} before calibration).",
    ]


def _evaluation(subject: Subject) -> list[str]:
    version, rows = subject.version, subject.version.report.test_rows
    how = f"{version.spec.split.test_share:.0%} of each label, equal texts kept together"
    if version.spec.split.use_given:
        how = f"those of the data set's own test split, if it has one, else {how}"
    return [f"{rows:,} rows that it did not learn from: {how}."]


def _training(subject: Subject) -> list[str]:
    report, profile = subject.version.report, subject.data.profile if subject.data else None
    told = [f"{report.train_rows:,} rows."]
    if report.spread_rows:
        told.append(f"{report.spread_rows:,} of them have the label of the cluster they lie in.")
    if profile and profile.duplicate_rows:
        told.append(f"{profile.duplicate_rows:,} rows of the data set repeat an earlier text.")
    if profile and profile.conflicting_rows:
        told.append(f"{profile.conflicting_rows:,} of these carry another label than the first.")
    return told


def _analyses(subject: Subject) -> list[str]:
    report = subject.version.report
    ordered = sorted(report.classes, key=lambda each: (-each.f1, each.label))
    told = [
        f"{each.name}: accuracy {each.accuracy:.3f} on the same rows." for each in report.baselines
    ]
    if len(ordered) > BEST + WORST:
        told.append(f"Best recognised: {_listed(ordered[:BEST])}.")
        told.append(f"Worst recognised: {_listed(ordered[: -WORST - 1 : -1])}.")
    told += [
        f"“{each.actual}” was called “{each.predicted}” in {each.rows:,} test rows."
        for each in report.confusions[:CONFUSED]
    ]
    return told


def _caveats(subject: Subject) -> list[str]:
    report = subject.version.report
    few = sum(each.support < FEW_TEST_ROWS for each in report.classes)
    untested = len(subject.version.labels) - len(report.classes)
    told = {
        f"{report.truncated_rows:,} rows are longer than the embedder reads: "
        "their ends were not looked at.": report.truncated_rows,
        f"{few} labels have fewer than {FEW_TEST_ROWS} test rows: their figures say little.": few,
        f"{untested} labels have no test row: nothing is known of them.": max(untested, 0),
        "Its probabilities are not to be taken at their word.": report.ece > BADLY_CALIBRATED,
    }
    return [sentence for sentence, holds in told.items() if holds]


FACTS: dict[CardSection, Callable[[Subject], list[str]]] = {
    CardSection.MODEL_DETAILS: _details,
    CardSection.INTENDED_USE: _use,
    CardSection.FACTORS: _factors,
    CardSection.METRICS: _metrics,
    CardSection.EVALUATION_DATA: _evaluation,
    CardSection.TRAINING_DATA: _training,
    CardSection.QUANTITATIVE_ANALYSES: _analyses,
    CardSection.CAVEATS: _caveats,
}


def _thing(version: ModelVersion) -> str:
    return "text" if version.kind is DataKind.TEXT else "sequence"


def _is_neural(version: ModelVersion) -> bool:
    return version.spec.embedder.kind in (
        EmbedderKind.SENTENCE_TRANSFORMER, EmbedderKind.STATIC
    )  # fmt: skip


def _listed(classes: list[ClassReport]) -> str:
    return ", ".join(f"{each.label} (F1 {each.f1:.2f})" for each in classes)
