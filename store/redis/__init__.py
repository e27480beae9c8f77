"""Redis: opened with bounds, and what kind of server it is."""
