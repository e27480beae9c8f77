"""Rows in, answers out, in parts: each is answered and kept by itself, so that none is lost."""
