"""What subscriptions and their pages are made of."""
