"""All that the trash can do, in one noun."""

from __future__ import annotations

from store.trash.bin import Bin
from store.trash.purges import Purges
from store.trash.purging import Purging


class Trash(Bin, Purges, Purging):
    """Who may delete, restore or purge is for callers to check."""
