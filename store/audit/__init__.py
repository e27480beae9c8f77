"""The log of who did what, and how it leaves as a file."""
