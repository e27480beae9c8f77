"""Families of models, their versions and cards, and what is asked of one before it is published."""
