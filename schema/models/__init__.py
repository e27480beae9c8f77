"""Models: families, versions, reports, what is published."""
