"""What lasts: WebSockets and streams, and the rights of whoever holds one."""
