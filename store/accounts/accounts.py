"""All that accounts can do, in one noun."""

from __future__ import annotations

from store.accounts.api_keys import ApiKeys
from store.accounts.invitations import Invitations
from store.accounts.sessions import Sessions
from store.accounts.viewers import Viewers


class Accounts(Invitations, Sessions, ApiKeys, Viewers):
    """Each part brings its own verbs; they share collaborators and what is recalled of viewers."""
