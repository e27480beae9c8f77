"""Webhooks: where events are sent, what is sent, and what came of it."""

from store.webhooks.deliveries import Deliveries
from store.webhooks.webhooks import Webhooks

__all__ = ["Deliveries", "Webhooks"]
