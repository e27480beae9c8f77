"""What outlives the process that wrote it: records, files, queues and events."""
