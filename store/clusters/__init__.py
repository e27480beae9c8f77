"""Clusters of models: where they lie, what became of them, and how people edit them."""

from store.clusters.clusters import Clusters
from store.clusters.maps import PointShown

__all__ = ["Clusters", "PointShown"]
