"""Requests to inference workers, and their replies."""
