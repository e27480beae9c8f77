"""What was deleted and can still come back, until a job purges it."""

from store.trash.bin import place_of
from store.trash.effect import Blocker, BlockerCode, Effect
from store.trash.things import Thing
from store.trash.trash import Trash

__all__ = ["Blocker", "BlockerCode", "Effect", "Thing", "Trash", "place_of"]
