"""Comparisons of model versions, by what would change for those who ask."""
