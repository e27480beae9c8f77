"""Fixes tried on a model, and then made in its data set."""
