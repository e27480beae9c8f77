"""The main job on banking77 and on 16S genera: how good, and how long beside BERTopic."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.data import banking77_with_splits, path_of
from bench.figure import Figure, at_least, at_most
from bench.platform import Platform, Stopwatch

TEXT_AND_LABEL = {"text": "text", "label": "label"}
WITH_SPLIT = TEXT_AND_LABEL | {"split": "split"}


def seconds_of(module: str) -> float:
    """What the module prints when it runs in a process of its own."""
    command = [sys.executable, "-m", module]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


async def published(platform: Platform, model: str) -> tuple[str, dict[str, Any]]:
    """banking77's training rows from the file to a published model; the versions of both."""
    version = await platform.ingest(path_of("banking77/train.csv"), columns=TEXT_AND_LABEL)
    trained = await platform.train(version, model)
    await platform.publish(trained)
    return version, trained


async def beside_bertopic(platform: Platform) -> list[Figure]:
    """File to published model, then another clusterer, in turn with BERTopic's fit."""
    watch = Stopwatch()
    version, trained = await published(platform, "clusters")
    first_s = watch.seconds
    watch = Stopwatch()
    await platform.train(version, "clusters", clusterer={"kind": "KMEANS", "k": 77})
    again_s = watch.seconds
    bertopic_s = seconds_of("bench.bertopic_fit")
    print(f"# seconds: published {first_s:.1f}, again {again_s:.1f}, BERTopic {bertopic_s:.1f}")
    return [
        at_most("file_to_published_over_bertopic", first_s / bertopic_s, 0.35, "x"),
        at_most("another_clusterer_over_bertopic", again_s / bertopic_s, 0.1, "x"),
        at_least("banking77_clusters_nmi", trained["report"]["nmi"], 0.80),
    ]


async def given_splits(platform: Platform) -> list[Figure]:
    """Accuracy and calibration on banking77's own split, and what int8 costs of it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = banking77_with_splits(Path(scratch))
        version = await platform.ingest(path, columns=WITH_SPLIT)
    report = await _report(platform, version, "FAST")
    exact = await _report(platform, version, "EXACT")
    lost = 100 * (exact["accuracy"] - report["accuracy"])
    return [
        at_least("banking77_accuracy", report["accuracy"], 0.938),
        at_most("banking77_ece", report["ece"], 0.02),
        at_most("int8_accuracy_lost_points", lost, 0.3),
    ]


async def clusters(platform: Platform) -> list[Figure]:
    """Groups in banking77's test rows by k-means that is told how many, beside their labels.

    The report's NMI, over the mean of both entropies, is the V-measure.
    """
    version = await platform.ingest(path_of("banking77/test.csv"), columns=TEXT_AND_LABEL)
    trained = await platform.train(version, "told", clusterer={"kind": "KMEANS", "k": 77})
    found = trained["report"]["nmi"]
    return [at_least("clusters_v_measure_k_known", found, 0.70)]


async def genera(platform: Platform) -> list[Figure]:
    """16S genera by k-mers."""
    columns = {"label": "genus"}
    version = await platform.ingest(path_of("rrna16s/genus_876.fasta"), columns=columns)
    trained = await platform.train(version, "genera", embedder={"kind": "KMER", "k": 6})
    return [at_least("genera_accuracy", trained["report"]["accuracy"], 0.97)]


async def _report(platform: Platform, version: str, precision: str) -> dict[str, Any]:
    embedder = {"kind": "SENTENCE_TRANSFORMER", "precision": precision}
    trained = await platform.train(version, f"banking-{precision.lower()}", embedder=embedder)
    report: dict[str, Any] = trained["report"]
    return report
