"""What an operation may cost and did cost, in points."""
