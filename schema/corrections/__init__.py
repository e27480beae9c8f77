"""From corrections to a better model, traceable all the way."""
