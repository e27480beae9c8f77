"""People and programs that may sign in, and what they show when they come back."""

from store.accounts.accounts import Accounts
from store.accounts.sessions import SignedIn

__all__ = ["Accounts", "SignedIn"]
