"""One platform for all faults of the short cut, with a lease that is soon over.

`make faults` sets SHOAL_FAULTS=full: outages last for a minute then.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from tests.faults.lane import Lane, lane

IS_FULL = os.environ.get("SHOAL_FAULTS") == "full"
ROWS = 600
LEASE_S = 4.0
QUICK = {
    "SHOAL_LEASE_S": f"{LEASE_S:g}", "SHOAL_HEARTBEAT_S": "1", "SHOAL_PREDICT_TIMEOUT_S": "3",
}  # fmt: skip


@pytest.fixture(scope="package")
async def quick_lane(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lane]:
    """Ready for rounds of ROWS rows."""
    async with lane(tmp_path_factory.mktemp("faults") / "lane", ROWS, QUICK) as running:
        yield running
