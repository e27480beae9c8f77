"""What a model version promises of its answers, and whether it keeps that."""

from __future__ import annotations

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.permissions import may_see
from store.records import promise as records
from store.records.model import ModelVersion

show_enum(
    records.Verdict,
    "Whether a promise is kept.",
    KEPT="What was seen does not speak against the promise.",
    BROKEN="More was wrong than chance explains: the whole interval lies over the promise.",
    TOO_FEW="So few were looked at that even without a mistake they would prove nothing.",
)


@strawberry.type(description="How many answers were wrong, and what that says of the true share.")
class Risk:
    answered: int = strawberry.field(description="Answers that were looked at.")
    wrong: int = strawberry.field(description="Those of them that were wrong.")
    share: float | None = strawberry.field(description="Share wrong; null without an answer.")
    low: float = strawberry.field(description="Lower end of the share's exact interval.")
    high: float = strawberry.field(description="Upper end of it (Clopper and Pearson).")


@strawberry.type(description="A label with rows enough for a threshold of its own.")
class ClassPromise:
    label: str = strawberry.field(description="The label.")
    threshold: float = strawberry.field(description="It is answered over this probability.")
    test_rows: int = strawberry.field(description="Test rows that were given this label.")
    risk: Risk = strawberry.field(description="Over those of them that were answered.")


@strawberry.type(description="What the test would have been with one threshold for all labels.")
class RiskPoint:
    threshold: float = strawberry.field(description="Answered from this probability on.")
    answered_share: float = strawberry.field(description="Share of the test rows answered.")
    risk: float = strawberry.field(description="Share of these that were wrong.")


@strawberry.type(
    description="When the model answers, chosen on rows held out from what was learnt, and what "
    "came of it on the test rows, on which nothing was chosen. It holds for texts like those that "
    "were learnt from. Shares are 0 to 1."
)
class Promise:
    asked_risk: float | None = strawberry.field(
        description="Share wrong among the answered, at most, as the training was asked for it."
    )
    promised_risk: float | None = strawberry.field(
        description="The same where it can be kept, else the least that can be; null if nothing "
        "was asked, or nothing can be promised."
    )
    confidence: float = strawberry.field(description="How sure the promise is, and the intervals.")
    chosen_on: int = strawberry.field(description="Held-out rows that the thresholds rest on.")
    threshold: float | None = strawberry.field(
        description="Labels without a threshold of their own are answered over this probability; "
        "null if they are never answered."
    )
    risk: Risk = strawberry.field(description="Over the answered test rows.")
    answered_share: float = strawberry.field(description="Share of the test rows answered.")
    verdict: records.Verdict | None = strawberry.field(
        description="Whether the test bears the promise out; null if nothing is promised."
    )
    classes: list[ClassPromise] = strawberry.field(
        description="Labels with thresholds of their own, one entry each; most need hundreds of "
        "rows for that."
    )
    curve: list[RiskPoint] = strawberry.field(
        description="Risk over the share answered, at most 20 points, surest first."
    )
    asked_coverage: float = strawberry.field(
        description="Share of texts whose label is to be in their prediction set."
    )
    coverage: float = strawberry.field(description="Share of the test rows for which it is.")
    set_size: float = strawberry.field(description="Labels in a prediction set, on average.")
    out_threshold: float | None = strawberry.field(
        description="Texts whose `oodScore` lies over it are out of distribution; null calls none "
        "so."
    )
    asked_out_share: float = strawberry.field(
        description="Share of texts like those learnt from that may be called so."
    )
    out_share: float = strawberry.field(description="Share of the test rows that were.")


@strawberry.type(
    description="The promise against what people said of the answers. Only reviewed answers count: "
    "those that were corrected, or confirmed by a correction to the same label. If people report "
    "mistakes only, the risk looks higher than it is: confirm right answers as well."
)
class LivePromise:
    promised_risk: float | None = strawberry.field(description="As in the report.")
    answered: int = strawberry.field(description="Texts answered, neither abstained nor strange.")
    confirmed: int = strawberry.field(description="Answers that were said to be right.")
    risk: Risk = strawberry.field(description="Over the reviewed answers.")
    least_risk: float | None = strawberry.field(
        description="Share wrong if every answer that nobody reviewed was right: the risk is at "
        "least that; null without an answer."
    )
    verdict: records.Verdict | None = strawberry.field(
        description="Whether the reviewed answers bear the promise out; null if nothing is "
        "promised."
    )


async def live_promise(
    version: strawberry.Parent[ModelVersion], info: Info
) -> records.LivePromise | None:
    """For the model's owner and admins: it counts everybody's answers."""
    if not may_see(info.context.signed_in, version):
        return None
    return await info.context.store.predictions.live_promise(version)
