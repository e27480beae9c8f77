"""A consistent copy of all that the store holds, in a folder, and its way back.

Why its order makes it consistent: docs/decisions/0036-a-backup-is-one-moment-of-the-records.md.
"""

from store.backup.check import check_backup
from store.backup.errors import BackupFailed, BadBackup, NotEmpty, OtherKey
from store.backup.manifest import Manifest, read_manifest
from store.backup.restoring import Key, restore_backup
from store.backup.taking import take_backup

__all__ = [
    "BackupFailed", "BadBackup", "Key", "Manifest", "NotEmpty", "OtherKey", "check_backup",
    "read_manifest", "restore_backup", "take_backup",
]  # fmt: skip
