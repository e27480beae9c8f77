"""`shoal demo` on a file of one's own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from shoal.demo.api import Api
from tests.journeys.conftest import Platform
from tests.journeys.texts import write_texts

JOBS = "query { jobs { totalCount } }"


async def test_the_demo_shows_the_report_and_a_second_run_trains_nothing(
    platform: Platform, api: Api, tmp_path: Path
) -> None:
    path = write_texts(tmp_path / "pastimes.csv", rows=120, seed=1)
    before = (await api.run(JOBS))["jobs"]["totalCount"]
    first = platform.shoal("demo", "--once", "--data", str(path))
    assert first.returncode == 0, first.stdout + first.stderr
    for told in ("accuracy", "macro F1", "calibration error", "Worst classes", "clusters",
                 "Published as pastimes", f"{platform.url}/graphiql"):  # fmt: skip
        assert told in first.stdout
    async with asyncio.timeout(60):  # the index's job is begun a moment after the training's end
        while (await api.run(JOBS))["jobs"]["totalCount"] < before + 3:
            await asyncio.sleep(0.1)

    second = platform.shoal("demo", "--once", "--data", str(path))
    assert second.returncode == 0, second.stdout
    assert "Published as pastimes" in second.stdout
    assert (await api.run(JOBS))["jobs"]["totalCount"] == before + 3


async def test_a_file_that_is_not_there_is_told(platform: Platform) -> None:
    refused = platform.shoal("demo", "--data", "/no/such/file.csv")
    assert refused.returncode == 1
    assert "there is no file /no/such/file.csv" in refused.stdout
