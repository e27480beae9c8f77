"""Frozen records and their rules; the standard library is all they know.

A rule is a pure method named for the legal move: it returns the record as it is after the move,
or raises IllegalMove. Writing is another matter: `store.mongo` writes a moved record only if
nobody else moved it first.
"""
