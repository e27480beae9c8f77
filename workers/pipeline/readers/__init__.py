"""Tolerant, exact, streaming readers: each gives good rows, and problems in place of bad ones."""
