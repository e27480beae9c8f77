"""Promises on banking77, cut anew SPLITS times: the risk that was held, sets, and what they cost.

Rows are embedded once; each split learns, chooses its thresholds on rows held out, and is judged on
test rows that had no part in either. Texts of no known class are in `bench.strange`.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.data import banking77
from bench.figure import Figure, at_least, at_most
from bench.learning import Learned, Texts
from bench.platform import Platform
from bench.strange import far_texts, strange
from store.records.promise import Promise, Verdict
from store.records.training import EmbedderSpec, PromiseSpec
from workers.pipeline.embedders import Embedder, open_embedder
from workers.pipeline.folds import held_out
from workers.pipeline.promise.judging import judged

SPLITS = 5
TEST_SHARE = 0.25
ASKED = PromiseSpec(max_risk=0.02)
TIMED = 500


async def promise(running: Platform) -> list[Figure]:
    """Risk and sets over several splits, then texts unlike those learnt from."""
    return await asyncio.to_thread(_figures)


def _figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(EmbedderSpec(), Path(folder) / "engine")
        rows = [banking77(part) for part in ("train", "test")]
        texts = [text for part in rows for text in part.texts]
        everything = embedded(embedder, texts, [label for part in rows for label in part.labels])
        far = {name: embedded(embedder, found) for name, found in far_texts().items()}
    return [*_kept(everything), *strange(everything, far)]


def embedded(embedder: Embedder, texts: Sequence[str], labels: Sequence[str] = ()) -> Texts:
    return Texts(texts, embedder.embed(texts).vectors, labels or [""] * len(texts))


def _kept(everything: Texts) -> list[Figure]:
    found = []
    for seed in range(SPLITS):
        y = everything.classes(sorted(set(everything.labels)))
        test = held_out(y, everything.groups, TEST_SHARE, seed)
        learned = Learned.on(everything.of(~test), seed, ASKED)
        found.append(_judged(learned, everything.of(test)))
        _tell(seed, found[-1])
    cost_ms = _cost_ms(learned, everything.of(test))
    wrong, answered = (
        sum(getattr(each.risk, of) for each in found) for of in ("wrong", "answered")
    )
    return [
        at_least("promise_kept_splits", _mean([p.verdict is Verdict.KEPT for p in found]), 1),
        at_most("promise_risk_held", wrong / answered, 0.02),
        at_least("promise_answered_share", _mean([p.answered_share for p in found]), 0.75),
        at_least("promise_set_coverage", _mean([p.coverage for p in found]), 0.945),
        at_most("promise_set_size", _mean([p.set_size for p in found]), 1.2),
        at_most("promise_ms_a_text", cost_ms, 0.3, "ms"),
    ]


def _judged(learned: Learned, test: Texts) -> Promise:
    rules, promised = learned.chosen.rules, learned.chosen.promised
    return judged(learned.tested(test), rules, promised, ASKED, learned.head.classes)


def _tell(seed: int, found: Promise) -> None:
    risk, promised = found.risk, found.promised_risk or 1
    print(
        f"# split {seed}: {promised:.1%} promised, {risk.share or 0:.2%} of {risk.answered} wrong "
        f"({risk.low:.2%} to {risk.high:.2%}), {found.answered_share:.1%} answered, sets of "
        f"{found.set_size:.2f} cover {found.coverage:.1%}, {found.out_share:.1%} called strange",
        flush=True,
    )


def _cost_ms(learned: Learned, test: Texts) -> float:
    """Of one text's `ood_score` and decision, the median of TIMED texts asked one by one."""
    probabilities, vectors = learned.probabilities(test), test.vectors
    rules, times = learned.chosen.rules, []
    for row in range(TIMED):
        began = time.perf_counter()
        score = float(learned.novelty.scores(probabilities[[row]], vectors[[row]])[0])
        best = int(probabilities[row].argmax())
        rules.decide(best, float(probabilities[row, best]), score)
        rules.prediction_set(probabilities[row], np.argsort(-probabilities[row]))
        times.append(time.perf_counter() - began)
    return 1000 * float(np.median(times))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))
