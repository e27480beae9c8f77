"""What a child tells of errors that are no refusal of the data."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from workers.children.child import fault_of


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "OUT_OF_MEMORY"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "OUT_OF_MEMORY"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "OUT_OF_MEMORY"),
        (RuntimeError("std::bad_alloc"), "OUT_OF_MEMORY"),
        (OSError(errno.ENOSPC, "No space left on device"), "DISK_FULL"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "DISK_FULL"),
        (OSError(errno.EIO, "Input/output error"), "STAGE_FAILED"),
        (OSError("512 requested and 0 written"), "STAGE_FAILED"),  # there is room
        (ValueError("wrong"), "STAGE_FAILED"),
    ],
)
def test_errors_have_their_codes(error: Exception, code: str, tmp_path: Path) -> None:
    assert fault_of(error, {"folder": str(tmp_path)})["code"] == code


@pytest.mark.parametrize(
    "request_of",
    [
        lambda folder: {"call": "stage", "folder": folder},
        lambda folder: {"call": "ingest", "raw": "raw", "out": folder},
        lambda folder: {"call": "embed_shard", "shard": {"out": folder}},
    ],
)
def test_a_full_disk_names_the_folder_and_the_setting(tmp_path: Path, request_of: Any) -> None:
    error = OSError(errno.ENOSPC, "No space left on device")
    message = fault_of(error, request_of(str(tmp_path)))["message"]
    assert str(tmp_path) in message
    assert "SHOAL_DATA" in message
