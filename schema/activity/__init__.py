"""Activity: everything that happens, listed and followed."""
