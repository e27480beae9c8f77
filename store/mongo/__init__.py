"""Records in MongoDB: one collection a kind, written only if nobody else moved them first."""

from store.mongo.collection import Collection, Page
from store.mongo.collections import Collections, open_collections, open_unchecked
from store.mongo.migrator import Migrator

__all__ = ["Collection", "Collections", "Migrator", "Page", "open_collections", "open_unchecked"]
