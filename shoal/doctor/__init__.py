"""Looks at every setting and every service, and says what to do."""

from shoal.doctor.finding import Finding, Level
from shoal.doctor.visit import examine

__all__ = ["Finding", "Level", "examine"]
