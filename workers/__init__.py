"""Processes that do the work: pipeline workers run jobs, inference workers answer."""
