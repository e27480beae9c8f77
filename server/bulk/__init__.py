"""Bulk operations at work: run page by page or line by line, results kept part by part."""
