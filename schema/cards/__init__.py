"""Model cards: what is known of a version, for whoever has to decide whether to use it."""
