"""Passwords: argon2id with OWASP's parameters; bcrypt hashes of imported users still verify."""

from __future__ import annotations

import asyncio
import secrets

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store.accounts.weakness import guesses_log10
from store.errors import InvalidValue

MIN_LENGTH, MAX_LENGTH = 10, 256
ENOUGH_LOG10 = 8.0
"""A new password takes over 10^8 guesses of somebody who begins with the common ones."""
EASY = (
    "this password is easily guessed: it is a common one or close to it, or made of your name or "
    "email; three words that do not belong together are better"
)
BCRYPT_PREFIXES = ("$2a$", "$2b$", "$2y$")
BCRYPT_MAX_BYTES = 72

# OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane; 26 ms on the machine it was tried on
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS_HASH = _HASHER.hash(secrets.token_hex())


async def hash_password(password: str, *about: str, field: str = "password") -> str:
    """The argon2id hash of a new password.

    Raises InvalidValue, which names `field`, for a wrong length, and for one that is guessed early:
    a common one, a mere variation of it, or one made of what is known `about` its owner.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidValue(
            f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters; this one has {len(password)}",
            field,
        )
    if guesses_log10(password, about) < ENOUGH_LOG10:
        raise InvalidValue(EASY, field)
    return await rehash_password(password)


async def rehash_password(password: str) -> str:
    """The argon2id hash of a password that was accepted before, whatever its length."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def verify_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one whose hash is `kept`; None, for nobody, costs as much."""
    if len(password) > MAX_LENGTH:
        password = ""
    return await asyncio.to_thread(_verify, kept or _NOBODYS_HASH, password)


def needs_upgrade(kept: str) -> bool:
    """Whether a hash that has just verified should be replaced by one of `hash_password`."""
    return kept.startswith(BCRYPT_PREFIXES) or _HASHER.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        if kept.startswith(BCRYPT_PREFIXES):
            # bcrypt reads no further than this, and the libraries that made the hashes cut there
            return bcrypt.checkpw(password.encode()[:BCRYPT_MAX_BYTES], kept.encode())
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError, ValueError):
        return False
