"""Embedding shared by many workers."""
