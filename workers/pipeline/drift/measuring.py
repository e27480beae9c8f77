"""From a bundle, the rows of its data set and the predictions of some days to findings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson

from store.codec import from_plain
from store.records.drift import (
    DriftFindings,
    DriftPeriod,
    DriftVerdict,
    HeldOut,
    Hole,
    Traffic,
)
from store.records.prediction import Decision
from workers.pipeline.arrays import Places
from workers.pipeline.bundle import load_bundle
from workers.pipeline.drift.asked import Asked
from workers.pipeline.drift.holes import Found, find_holes
from workers.pipeline.drift.periods import Reference, overall, period
from workers.pipeline.drift.seen import Seen, look
from workers.pipeline.drift.teaching import order
from workers.pipeline.progress import Progress
from workers.pipeline.requests import DriftRequest
from workers.pipeline.table import plain, read_shards

MAX_HELD_OUT = 2_000
"""More are taken at even distances."""
MAX_STRANGE, DOUBTFUL = 100, 2_000


def measure(request: DriftRequest, progress: Progress) -> DriftFindings:
    """Raises BundleRefused, and what `progress` raises."""
    bundle = load_bundle(request.bundle, 1)
    days = [from_plain(Traffic, each) for each in orjson.loads(request.traffic.read_bytes())]
    learnt = {plain(text) for text in bundle.known.all_texts()}
    rows = _held_out(request.input, learnt, bundle.head.classes)
    texts = _different(days, learnt)
    seen = look(bundle, list(dict.fromkeys([*rows, *texts])), progress)
    held_out, asked = _parted(seen, rows, texts)
    reference = Reference(held_out, bundle.head.classes)
    return _findings(request, Asked.of(days, asked, bundle), reference, progress)


def _parted(seen: Seen, rows: Sequence[str], texts: Sequence[str]) -> tuple[Seen, Seen]:
    """Held-out rows and texts asked; a text may be both."""
    place = {text: number for number, text in enumerate(seen.texts)}
    found = (np.array([place[text] for text in each], np.intp) for each in (rows, texts))
    held_out, asked = (seen.of(places) for places in found)
    return held_out, asked


def _findings(
    request: DriftRequest, asked: Asked, held_out: Reference, progress: Progress
) -> DriftFindings:
    found = find_holes(asked, held_out.seen, request.kind, request.seed)
    by_day = []
    for day in asked.days:
        progress(len(asked.seen), len(asked.seen))  # a cancel is heard here as well
        by_day.append(period(asked, day, held_out, request.seed))
    whole = overall(asked, request.since, held_out, request.seed)
    return DriftFindings(
        held_out=_told(held_out.seen),
        overall=whole,
        days=tuple(by_day),
        holes=found.holes,
        strange=_strange(asked, held_out, found),
        message=_message(by_day, found.holes, whole),
    )


def _held_out(folder: Path, learnt: set[str], classes: Sequence[str]) -> list[str]:
    """Different texts of rows that were not learnt from, but for those of labels that were left out
    altogether: they are holes themselves."""
    table, known = read_shards(folder), {None, *classes}
    texts = [text for text, label in zip(table.text, table.label, strict=True) if label in known]
    fresh = [text for text in dict.fromkeys(texts) if plain(text) not in learnt]
    if len(fresh) <= MAX_HELD_OUT:
        return fresh
    return [fresh[place] for place in np.linspace(0, len(fresh) - 1, MAX_HELD_OUT).astype(int)]


def _different(days: Sequence[Traffic], learnt: set[str]) -> list[str]:
    """Texts asked that are no row learnt from, each once, in the order in which they came."""
    every = dict.fromkeys(each.text for day in days for each in day.read)
    return [text for text in every if plain(text) not in learnt]


def _told(held_out: Seen) -> HeldOut:
    n, decided = max(len(held_out), 1), held_out.decided
    return HeldOut(
        rows=len(held_out), out_share=decided.count(Decision.OUT_OF_DISTRIBUTION) / n,
        abstained_share=decided.count(Decision.ABSTAIN) / n,
        mean_confidence=float(held_out.probability.sum()) / n,
        mean_cosine=float(held_out.cosine.sum()) / n,
    )  # fmt: skip


def _strange(asked: Asked, reference: Reference, found: Found) -> tuple[str, ...]:
    """Of no hole: not answered, or strange; of very many the strangest alone."""
    seen = asked.seen
    is_open = np.array([each is not Decision.ANSWER for each in seen.decided], np.bool_)
    if len(reference.seen):
        is_open |= seen.strangeness > reference.seen.strange_from
    is_open[found.members] = False
    places: Places = np.flatnonzero(is_open)
    places = places[np.argsort(-seen.strangeness[places], kind="stable")][:DOUBTFUL]
    teaching = places[order(seen.vectors[places], seen.cosine[places], MAX_STRANGE)]
    return tuple(asked.latest[place].id for place in teaching)


def _message(days: Sequence[DriftPeriod], holes: Sequence[Hole], whole: DriftPeriod) -> str:
    drifted = sum(day.verdict is DriftVerdict.DRIFTED for day in days)
    told = f"{drifted} of {len(days)} days drifted"
    if not holes:
        return f"{told}; no hole was found. {whole.message}"
    a_day = sum(hole.a_day for hole in holes)
    named = holes[0].name
    return (
        f"{told}; {a_day:.0f} texts a day where nothing was seen in training, in {len(holes)} "
        f"holes, the largest about {named}. {whole.message}"
    )
