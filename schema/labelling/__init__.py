"""Texts for people to label, in the order that teaches most."""
