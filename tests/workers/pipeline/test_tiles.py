"""Tiles of a map: every point once, where it lies, thinned fairly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from store.records.cluster_map import Bounds, Tile
from store.records.tile import HEADER, NOISE, SURE, SURE_STEPS, TEST, WRONG, TilePoint, read_tile
from workers.pipeline import tiles
from workers.pipeline.drawing import flags_of
from workers.pipeline.map_points import bounds_of
from workers.pipeline.tiles import Drawn, square_of, write_tiles

POINTS, ROOM = 5_000, 300


@pytest.fixture(autouse=True)
def _small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MAX_POINTS", ROOM)


def clouds(seed: int = 3) -> Drawn:
    """Six clouds of very different sizes, and noise; rows have gaps."""
    chance = np.random.default_rng(seed)
    cluster = np.sort(
        chance.choice(np.arange(-1, 5), POINTS, p=[0.1, 0.5, 0.3, 0.07, 0.029, 0.001])
    )
    centres = chance.uniform(-40, 60, (6, 2))
    return Drawn(
        xy=(centres[cluster] + chance.normal(0, 4, (POINTS, 2))).astype(np.float32),
        row=7 + 3 * np.arange(POINTS),
        cluster=cluster,
        label=chance.integers(-1, 77, POINTS),
        flags=flags_of(
            chance.random(POINTS) < 0.2,
            cluster,
            chance.random(POINTS) < 0.02,
            np.where(chance.random(POINTS) < 0.2, chance.random(POINTS), np.nan),
        ),
        texts=[f"text {n}: {'ü' * (n % 300)}" for n in range(POINTS)],
    )


def written(folder: Path, drawn: Drawn) -> dict[Tile, list[TilePoint]]:
    made = write_tiles(folder, drawn, bounds_of(drawn.xy), seed=0)
    return {tile: read_tile((folder / f"{tile.name}.bin").read_bytes()) for tile in made}


def inside(tile: Tile, bounds: Bounds) -> tuple[float, float, float]:
    edge = square_of(bounds) / 2**tile.zoom
    return bounds.min_x + tile.x * edge, bounds.min_y + tile.y * edge, edge


def test_every_point_is_in_exactly_one_tile_and_where_it_lies(tmp_path: Path) -> None:
    drawn = clouds()
    found, bounds = written(tmp_path, drawn), bounds_of(drawn.xy)
    rows = [point.row for points in found.values() for point in points]
    assert sorted(rows) == drawn.row.tolist()
    for tile, points in found.items():
        left, low, edge = inside(tile, bounds)
        assert len(points) == tile.points
        assert (tmp_path / f"{tile.name}.bin").stat().st_size == tile.bytes
        for point in points:
            place = (point.row - 7) // 3
            assert (point.x, point.y) == pytest.approx(drawn.xy[place], abs=edge / 2**16 + 1e-4)
            assert left - 1e-3 <= point.x <= left + edge + 1e-3
            assert low - 1e-3 <= point.y <= low + edge + 1e-3
            assert (point.cluster, point.label, point.flags) == (
                drawn.cluster[place], drawn.label[place], drawn.flags[place],
            )  # fmt: skip


def test_a_tile_is_full_before_its_quarters_have_any(tmp_path: Path) -> None:
    found = written(tmp_path, clouds())
    by_name = {tile.name: tile for tile in found}
    assert max(tile.zoom for tile in found) >= 2
    assert list(found) == sorted(found, key=lambda tile: (tile.zoom, tile.x, tile.y))
    for tile in found:
        assert 0 < tile.points <= ROOM
        if tile.zoom:
            assert by_name[f"{tile.zoom - 1}-{tile.x // 2}-{tile.y // 2}"].points == ROOM


def test_the_first_tile_shows_every_cluster_and_is_fair(tmp_path: Path) -> None:
    drawn = clouds()
    first = next(iter(written(tmp_path, drawn).values()))
    shown = np.array([point.cluster for point in first])
    assert set(shown) == set(drawn.cluster)
    assert set(shown[:6]) == set(drawn.cluster)
    assert (shown == 0).mean() == pytest.approx((drawn.cluster == 0).mean(), abs=0.08)


def test_texts_are_beside_their_points(tmp_path: Path) -> None:
    drawn = clouds()
    for tile, points in written(tmp_path, drawn).items():
        texts = json.loads((tmp_path / f"{tile.name}.json").read_text())
        assert texts == [drawn.texts[(point.row - 7) // 3][:200] for point in points]


def test_points_at_one_place_end_in_one_tile(tmp_path: Path) -> None:
    drawn = replace(clouds(), xy=np.full((POINTS, 2), 3.5, np.float32))
    found = written(tmp_path, drawn)
    assert sum(len(points) for points in found.values()) == POINTS
    assert max(tile.zoom for tile in found) == tiles.MAX_ZOOM
    for points in found.values():
        assert {(point.x, point.y) for point in points} == {(points[0].x, points[0].y)}
        assert (points[0].x, points[0].y) == pytest.approx((3.5, 3.5), abs=1e-4)


def test_the_same_map_is_cut_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert written(tmp_path / "a", clouds()) == written(tmp_path / "b", clouds())


def test_flags_tell_test_noise_wrong_and_how_sure() -> None:
    test, cluster = np.array([True, False, True, True]), np.array([0, -1, -1, 0])
    wrong, sure = np.array([True, False, False, False]), np.array([0.5, np.nan, 1, 0])
    found = flags_of(test, cluster, wrong, sure)
    assert (found % SURE).tolist() == [TEST | WRONG, NOISE, TEST | NOISE, TEST]
    assert (found // SURE).tolist() == [16, 0, SURE_STEPS, 1]
    assert found.max() < 2**8


@pytest.mark.parametrize("damage", [lambda d: d[:10], lambda d: b"XXXX" + d[4:], lambda d: d[:-1],
                                    lambda d: d[:4] + b"\2" + d[5:]])  # fmt: skip
def test_what_is_no_tile_is_refused(tmp_path: Path, damage: object) -> None:
    found = written(tmp_path, clouds())
    whole = (tmp_path / f"{next(iter(found)).name}.bin").read_bytes()
    assert len(whole) == HEADER.size + 17 * ROOM
    with pytest.raises(ValueError, match="no tile"):
        read_tile(damage(whole))  # type: ignore[operator]
