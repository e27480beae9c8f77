"""The first admin of an installation, and any later one made from its machine."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from store.records.account import Role, User
from store.settings import Settings, read_settings
from store.store import open_store


@dataclass(frozen=True)
class NewAdmin:
    user: User
    password: str


def admin_email() -> str:
    """Who the first admin is."""
    return os.environ.get("SHOAL_ADMIN_EMAIL", "admin@localhost")


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings that a process with this environment would have. Raises BadSettings."""
    own = dict(os.environ)
    os.environ.update(environ)
    try:
        return read_settings()
    finally:
        os.environ.clear()
        os.environ.update(own)


async def create_admin(settings: Settings, email: str, name: str, password: str) -> User:
    """An account with the role ADMIN. Raises AlreadyExists when the email is taken."""
    async with open_store(settings) as store:
        return await store.accounts.create_user(email, name, Role.ADMIN, password)


async def create_first_admin(settings: Settings) -> NewAdmin | None:
    """An admin with a random password, if there is no account yet."""
    async with open_store(settings) as store:
        if await store.mongo.users.count({}):
            return None
        password = secrets.token_urlsafe(12)
        user = await store.accounts.create_user(admin_email(), "Admin", Role.ADMIN, password)
        return NewAdmin(user, password)
