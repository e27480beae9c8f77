"""A typed client of Shoal's GraphQL API."""

from shoal_client.blocking import Blocking
from shoal_client.client import Shoal
from shoal_client.errors import ConnectionLost, Fault, JobFailed, Refused, ShoalError, TryLater

__all__ = [
    "Blocking",
    "ConnectionLost",
    "Fault",
    "JobFailed",
    "Refused",
    "Shoal",
    "ShoalError",
    "TryLater",
]
