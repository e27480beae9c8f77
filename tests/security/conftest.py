"""The whole application as strangers and partners find it: that of tests/server."""

from tests.schema.conftest import admin, alice, bob, new_caller, nobody
from tests.server.conftest import accounts, admin_token, site, site_settings, user_token

__all__ = [
    "accounts", "admin", "admin_token", "alice", "bob", "new_caller", "nobody", "site",
    "site_settings", "user_token",
]  # fmt: skip
