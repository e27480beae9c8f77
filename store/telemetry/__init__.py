"""What processes tell of themselves: logs, metrics, spans."""
