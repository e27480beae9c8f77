"""The door: HTTP, WebSocket and SSE in front of the schema."""
