from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from shoal.demo.data import NoData, own_file, wordnet


def test_an_own_file_is_named_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "My Letters.2024.csv.gz"
    path.write_bytes(b"text\nhello\n")
    data = own_file(path)
    assert data.name == "my-letters"
    assert data.sha256 == hashlib.sha256(b"text\nhello\n").hexdigest()
    assert data.size == 11
    assert data.columns is None


def test_a_long_name_is_cut_to_what_a_model_may_be_called(tmp_path: Path) -> None:
    for stem, name in (("a-" * 70, "a-" * 29 + "a"), ("数据", "data")):
        path = tmp_path / f"{stem}.csv"
        path.write_bytes(b"text\nhello\n")
        assert own_file(path).name == name


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="there is no file"):
        own_file(tmp_path / "nothing.csv")


def test_wordnet_that_was_not_fetched_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="make demo"):
        wordnet(tmp_path, archive=tmp_path / "nothing.tgz")
