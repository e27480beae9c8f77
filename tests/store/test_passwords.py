from __future__ import annotations

import bcrypt
import pytest

from store.accounts.passwords import (
    MAX_LENGTH,
    MIN_LENGTH,
    hash_password,
    needs_upgrade,
    rehash_password,
    verify_password,
)
from store.errors import InvalidValue

PASSWORD = "correct horse battery"
IMPORTED = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


async def test_hash_is_argon2id_with_owasp_parameters() -> None:
    kept = await hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await verify_password(kept, PASSWORD)
    assert not needs_upgrade(kept)


async def test_same_password_hashes_differently_each_time() -> None:
    assert await hash_password(PASSWORD) != await hash_password(PASSWORD)


@pytest.mark.parametrize("wrong", ["", "Correct horse battery", PASSWORD + " ", "x" * 10_000])
async def test_wrong_password_is_refused(wrong: str) -> None:
    assert not await verify_password(await hash_password(PASSWORD), wrong)


@pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
async def test_imported_bcrypt_hash_verifies_and_asks_for_an_upgrade(prefix: str) -> None:
    kept = prefix + IMPORTED[4:]
    assert await verify_password(kept, PASSWORD)
    assert not await verify_password(kept, "wrong")
    assert needs_upgrade(kept)


async def test_bcrypt_reads_72_bytes_of_a_longer_password() -> None:
    long = "é" * 60
    kept = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(4)).decode()
    assert await verify_password(kept, long)


async def test_weaker_argon2_hash_asks_for_an_upgrade() -> None:
    weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$bsYmAJFVRoRTa1Ek9Y2JBQ"
    assert needs_upgrade(weak)


@pytest.mark.parametrize("kept", ["", "nonsense", "$2b$xx", "$argon2id$v=19$broken", None])
async def test_a_hash_that_is_none_verifies_nothing(kept: str | None) -> None:
    assert not await verify_password(kept, PASSWORD)


@pytest.mark.parametrize("length", [0, MIN_LENGTH - 1, MAX_LENGTH + 1])
async def test_length_is_bounded(length: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        await hash_password("x" * length)
    assert refused.value.path == ["input", "password"]


async def test_an_imported_short_password_may_be_rehashed() -> None:
    assert await verify_password(await rehash_password("short"), "short")
