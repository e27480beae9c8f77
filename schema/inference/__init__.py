"""Inference: answers of published models, logged and corrected."""
