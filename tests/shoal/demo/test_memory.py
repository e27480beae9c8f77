from __future__ import annotations

import stat
from pathlib import Path

from shoal.demo.memory import Done, Memory


def test_a_new_file_was_never_seen(tmp_path: Path) -> None:
    assert Memory(tmp_path).recall("ab") == Done()
    assert Memory(tmp_path).api_key == ""


def test_what_was_done_and_the_key_survive(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.remember("ab", Done("dsv_1", "job_1"))
    memory.remember_key("shoal_secret")
    again = Memory(tmp_path)
    assert again.recall("ab") == Done("dsv_1", "job_1")
    assert again.api_key == "shoal_secret"
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
