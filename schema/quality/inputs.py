"""What mutations on data quality take."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from schema.fields import dry_run, idempotency_key
from schema.jobs.spec import EmbedderInput
from store.errors import InvalidValue
from store.records import quality as records
from store.records.training import EmbedderSpec

MAX_IDS = 1_000


@strawberry.input(description="What to look for, and how.")
class CheckSpecInput:
    kinds: list[records.FindingKind] | None = strawberry.field(
        default=None, description="Kinds of faults to look for; null looks for all."
    )
    near_cosine: float | None = strawberry.field(
        default=None,
        description="Cosine from which on rows are near duplicates, 0.5 to 1; null takes what "
        "suits the embedder, such as 0.97.",
    )
    embedder: EmbedderInput | None = strawberry.field(
        default=None,
        description="How texts become vectors; null takes that of the data set's last training.",
    )
    seed: int = strawberry.field(default=0, description="Same seed, same findings.")

    def record(self) -> records.CheckSpec:
        """What to look for; the embedder and the seed are not in it."""
        every = tuple(records.FindingKind)
        kinds = every if self.kinds is None else tuple(dict.fromkeys(self.kinds))
        return records.CheckSpec(kinds, self.near_cosine)

    def asked_embedder(self) -> EmbedderSpec | None:
        """The embedder, where one is asked for."""
        return EmbedderSpec(**vars(self.embedder)) if self.embedder else None


@strawberry.input(description="A version to be checked.")
class CheckDatasetInput:
    dataset_version_id: strawberry.ID = strawberry.field(
        description="The version; it must be READY."
    )
    spec: CheckSpecInput = strawberry.field(
        default_factory=CheckSpecInput, description="What to look for; the default is everything."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Findings to be mended; they make the data set's next version.")
class FixFindingsInput:
    dataset_version_id: strawberry.ID = strawberry.field(
        description="The version that was checked. Where a later one is ready, that is mended: "
        "rows keep their numbers."
    )
    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="These findings of its last check, at most 1,000; or else `kind`."
    )
    kind: records.FindingKind | None = strawberry.field(
        default=None, description="Open findings of this kind, the worst first."
    )
    first: int = strawberry.field(
        default=100, description="How many of the kind at most, 1 to 1,000."
    )
    note: str = strawberry.field(
        default="", description="Why; empty says which kinds of findings were mended."
    )
    dry_run: bool = dry_run()
    idempotency_key: str | None = idempotency_key()

    def asked_ids(self) -> Sequence[str] | None:
        """Raises InvalidValue unless either `ids` or `kind` is given."""
        if (self.ids is None) == (self.kind is None):
            raise InvalidValue("give either `ids` or `kind`", "ids")
        return None if self.ids is None else checked_ids(self.ids)


@strawberry.input(description="Findings that are no faults.")
class DismissFindingsInput:
    ids: list[strawberry.ID] = strawberry.field(description="The findings, at most 1,000.")
    reopen: bool = strawberry.field(
        default=False, description="True takes their dismissal back instead."
    )


def checked_ids(ids: Sequence[str]) -> Sequence[str]:
    """Raises InvalidValue for too many, or none."""
    if not 1 <= len(ids) <= MAX_IDS:
        raise InvalidValue(f"send 1 to {MAX_IDS:,} ids, not {len(ids):,}", "ids")
    return ids
