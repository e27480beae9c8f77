"""The tile that the browser's tests read is one that we write today.

Write it anew with `python -m tests.workers.pipeline.test_tile_fixture`.
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

import numpy as np

from workers.pipeline.drawing import flags_of
from workers.pipeline.map_points import bounds_of
from workers.pipeline.tiles import Drawn, write_tiles

FIXTURE = Path(__file__).parents[3] / "client/src/pages/map/tile.fixture.json"
POINTS = 9


def written(folder: Path) -> dict[str, object]:
    """A tile of few points in base64, with what it should tell of each."""
    chance = np.random.default_rng(5)
    cluster = chance.integers(-1, 4, POINTS)
    test, wrong = chance.random(POINTS) < 0.6, chance.random(POINTS) < 0.5
    sure = np.where(test, chance.random(POINTS), np.nan)
    drawn = Drawn(
        xy=chance.normal(3, 20, (POINTS, 2)).astype(np.float32), row=7 + 3 * np.arange(POINTS),
        cluster=cluster, label=chance.integers(-1, 5, POINTS),
        flags=flags_of(test, cluster, wrong & test, sure), texts=["text"] * POINTS,
    )  # fmt: skip
    (tile,) = write_tiles(folder, drawn, bounds_of(drawn.xy), seed=0)
    content = (folder / f"{tile.name}.bin").read_bytes()
    rows = np.frombuffer(content, "<u4", POINTS, 32)
    points = [
        {
            "row": int(drawn.row[n]), "x": round(float(drawn.xy[n, 0]), 4),
            "y": round(float(drawn.xy[n, 1]), 4), "cluster": int(cluster[n]),
            "label": int(drawn.label[n]), "heldOut": bool(test[n]),
            "wrong": bool(wrong[n] and test[n]),
            "sure": round(float(sure[n]), 4) if test[n] else None,
        }
        for n in (rows - 7) // 3
    ]  # fmt: skip
    return {
        "name": tile.name,
        "base64": base64.b64encode(content).decode(),
        "points": points,
    }


def test_the_browsers_fixture_is_what_we_write(tmp_path: Path) -> None:
    assert json.loads(FIXTURE.read_text()) == written(tmp_path)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        FIXTURE.write_text(json.dumps(written(Path(scratch)), indent=2) + "\n")
