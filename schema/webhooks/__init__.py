"""Webhooks: subscriptions that are sent to a URL."""
