"""Data quality: what may be wrong with a version's rows, and what is done about it."""
