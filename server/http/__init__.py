"""From an HTTP request to an operation, and from its result to a response."""
