"""The platform itself: services, workers, queues, storage, what is kept for how long."""
