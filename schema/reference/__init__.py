"""The reference of the API, printed from the schema."""
