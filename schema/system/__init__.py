"""The platform itself: workers, queues, services, storage."""
