"""Commands for those who run the platform."""

from shoal.operation.backing_up import backup
from shoal.operation.examining import doctor
from shoal.operation.migrating import migrate
from shoal.operation.restoring import restore

__all__ = ["backup", "doctor", "migrate", "restore"]
