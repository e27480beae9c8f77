"""People, programs, and what lets them in."""
