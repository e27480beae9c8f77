"""Cluster maps: where clusters lie, what became of them, and edits of them."""
