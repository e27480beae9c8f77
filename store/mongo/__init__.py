"""Records in MongoDB: one collection a kind, written only if nobody else moved them first."""

from store.mongo.collection import Collection, Page
from store.mongo.collections import Collections, open_collections

__all__ = ["Collection", "Collections", "Page", "open_collections"]
