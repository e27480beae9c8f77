"""What is known of a training before it runs, and how its embedding is shared out."""
