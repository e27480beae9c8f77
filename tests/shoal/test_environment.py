from __future__ import annotations

from pathlib import Path

import pytest

from shoal.environment import SECRETS, BadEnvironment, write
from tests.containers.compose import read_env


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_every_secret_is_new_and_for_its_owner_alone(path: Path, tmp_path: Path) -> None:
    assert write(path, force=False) is True
    assert path.stat().st_mode & 0o777 == 0o600
    made = read_env(path)
    assert list(made) == list(SECRETS)
    assert all(len(value) >= 20 and value.isalnum() for value in made.values())
    assert len(set(made.values())) == len(made)
    write(tmp_path / "other", force=False)
    assert not set(made.values()) & set(read_env(tmp_path / "other").values())


def test_what_is_there_and_will_do_is_left_alone(path: Path) -> None:
    write(path, force=False)
    path.write_text("SHOAL_BIND=0.0.0.0\n" + path.read_text())
    before = path.read_text()
    assert write(path, force=False) is False
    assert path.read_text() == before


def test_force_makes_all_anew(path: Path) -> None:
    write(path, force=False)
    path.chmod(0o644)
    before = read_env(path)
    assert write(path, force=True) is True
    assert path.stat().st_mode & 0o777 == 0o600
    assert not set(before.values()) & set(read_env(path).values())


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "is not set"),
        ("''", "is not set"),
        ("changeme", "is too short: 32 letters"),
        ('"password"', "is too short: 32 letters"),
        ("a" * 40, "is too simple"),
        ("secret" * 8, "is too simple"),
        ("p@ss/word:123#+" * 4, "has letters that mean something in a URL"),
    ],
)
def test_a_weak_secret_is_refused_by_name(path: Path, value: str, why: str) -> None:
    write(path, force=False)
    lines = [
        f"REDIS_PASSWORD={value}" if line.startswith("REDIS_PASSWORD") else line
        for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines))
    with pytest.raises(BadEnvironment, match=f"REDIS_PASSWORD {why}") as refused:
        write(path, force=False)
    assert "--force" in str(refused.value)
    assert "SECRET_KEY" not in str(refused.value)
    assert path.read_text() == "\n".join(lines)


def test_a_missing_secret_is_named(path: Path) -> None:
    path.write_text("SECRET_KEY=" + "0123456789abcdef" * 2)
    with pytest.raises(BadEnvironment) as refused:
        write(path, force=False)
    missing = [name for name in SECRETS if f"  {name} is not set\n" in str(refused.value)]
    assert missing == [name for name in SECRETS if name != "SECRET_KEY"]
