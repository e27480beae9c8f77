"""What published models say of texts: at once, in bulk, found by search, explained."""
