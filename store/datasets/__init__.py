"""Data sets: uploads become versions, rows are read, edited and checked."""
