"""What can go wrong with backups.

StoreError
├── BackupFailed     it could not be taken
├── BadBackup        it is not whole, or not the one that was taken
├── NotEmpty         where it is to be restored there is something already
└── OtherKey         it was made under another SECRET_KEY than that of the platform
"""

from __future__ import annotations

from store.errors import StoreError


class BackupFailed(StoreError):
    code = "BACKUP_FAILED"


class BadBackup(StoreError):
    code = "BAD_BACKUP"


class NotEmpty(StoreError):
    code = "NOT_EMPTY"


class OtherKey(StoreError):
    code = "OTHER_KEY"
