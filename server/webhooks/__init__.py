"""The process that follows saved subscriptions and sends their events."""
