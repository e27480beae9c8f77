"""Data sets: upload, versions, what ingest found."""
