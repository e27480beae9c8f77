"""What a client may see and ask: one GraphQL schema, windows on the records."""
