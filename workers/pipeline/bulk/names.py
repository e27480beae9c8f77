"""What a version's clusters are called, as a file beside the parts that are answered."""

from __future__ import annotations

import json
from pathlib import Path

from store.records.cluster_view import ClusterNames


def write_names(names: ClusterNames, path: Path) -> None:
    """For the child; a name for each number and row."""
    pairs = [list(each.items()) for each in (names.by_number, names.by_row)]
    path.write_text(json.dumps([names.model_id, *pairs]))


def read_names(path: Path) -> ClusterNames:
    """As `write_names` left them."""
    model_id, by_number, by_row = json.loads(path.read_bytes())
    return ClusterNames(model_id, dict(by_number), dict(by_row))
