"""Bulk operations: a query over all its pages, a mutation over many lines."""
