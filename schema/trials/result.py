"""What a trial came to."""

from __future__ import annotations

import strawberry

from schema.enums import show_enum
from schema.models.report import ClassReport
from store.records import report as reports
from store.records import trial as records

show_enum(
    records.TrialVerdict,
    "What the interval of the gain and the exact test say together.",
    BETTER="More test rows are right, beyond chance.",
    WORSE="Fewer test rows are right, beyond chance.",
    UNSURE="Answers changed, but that cannot be told from chance.",
    UNCHANGED="No test row gets another answer.",
)
show_enum(
    records.TermsView,
    "What became of the words that a model reads beside its vectors.",
    UNUSED="The model does not read them.",
    REFITTED="They were weighed again for every label that a fix has a part in.",
    KEPT="They were left as they are, since weighing them again would take too long; the training "
    "will do it.",
)


@strawberry.type(description="A figure measured on some rows, and where it lies for all of them.")
class Interval:
    value: float = strawberry.field(description="As measured.")
    low: float = strawberry.field(description="The lower end.")
    high: float = strawberry.field(description="The upper end.")


@strawberry.type(description="How good a head is on test rows; shares are 0 to 1.")
class HeadQuality:
    accuracy: float = strawberry.field(description="Share of rows that are right.")
    macro_f1: float = strawberry.field(description="F1 averaged over the labels.")
    log_loss: float = strawberry.field(
        description="Mean of -log of the probability given to the right label; less is better."
    )


@strawberry.type(description="A test row whose answer changed between right and wrong.")
class TrialFlip:
    row: int = strawberry.field(description="Its number in the data set's version.")
    text: str = strawberry.field(description="Its text.")
    actual: str = strawberry.field(description="The right label.")
    before: str = strawberry.field(description="The answer without the fixes.")
    after: str = strawberry.field(description="The answer with them.")


@strawberry.type(description="A label that is recognised otherwise than before.")
class ClassChange:
    label: str = strawberry.field(description="The label.")
    before: reports.ClassReport = strawberry.field(
        graphql_type=ClassReport, description="Without the fixes."
    )
    after: reports.ClassReport = strawberry.field(
        graphql_type=ClassReport, description="With them."
    )


@strawberry.type(
    description="Two heads on the same test rows, none of which is fixed itself. Both were fitted "
    "anew in the same way: one to the labels as they were, one to the fixed ones."
)
class TrialResult:
    verdict: records.TrialVerdict = strawberry.field(description="Whether the fixes help.")
    message: str = strawberry.field(description="All of it in a few sentences.")
    before: records.HeadQuality = strawberry.field(
        graphql_type=HeadQuality, description="Without the fixes."
    )
    after: records.HeadQuality = strawberry.field(
        graphql_type=HeadQuality, description="With them."
    )
    gain: records.Interval = strawberry.field(
        graphql_type=Interval,
        description="How much the accuracy rose, as a share: its interval is a paired percentile "
        "bootstrap over the test rows.",
    )
    log_loss_gain: records.Interval = strawberry.field(
        graphql_type=Interval, description="How much smaller the log-loss became, by the same rows."
    )
    p_value: float = strawberry.field(
        description="McNemar's exact test, two-sided: rows that became right against wrong."
    )
    resamples: int = strawberry.field(description="Of the bootstrap.")
    level: float = strawberry.field(description="Of the intervals, such as 0.95.")
    test_rows: int = strawberry.field(description="Test rows that were compared.")
    became_right: int = strawberry.field(description="Test rows that were wrong and are right.")
    became_wrong: int = strawberry.field(description="Test rows that were right and are wrong.")
    other_answers: int = strawberry.field(
        description="Test rows that stay wrong, with another answer."
    )
    to_right: list[records.Flip] = strawberry.field(
        graphql_type=list[TrialFlip], description="Rows that became right, at most 20."
    )
    to_wrong: list[records.Flip] = strawberry.field(
        graphql_type=list[TrialFlip], description="Rows that became wrong, at most 20."
    )
    classes: list[records.ClassChange] = strawberry.field(
        graphql_type=list[ClassChange],
        description="Labels that changed, those with the largest change of F1 first; at most 100.",
    )
    learnt_fixes: int = strawberry.field(
        description="Fixes that change a row which is learnt from."
    )
    test_fixes: int = strawberry.field(
        description="Fixes that change a test row. Such rows are not compared: with another label "
        "they would be another test."
    )
    idle_fixes: int = strawberry.field(
        description="Fixes that change nothing: the row has that label already, or the training "
        "left it out because the test has its text."
    )
    train_rows: int = strawberry.field(description="Rows learnt from, with the fixes.")
    terms: records.TermsView = strawberry.field(
        description="What became of the words that are read beside the vectors."
    )
    seconds: float = strawberry.field(description="The trial's time on its worker.")
    refit_seconds: float = strawberry.field(description="Of these, fitting both heads.")
