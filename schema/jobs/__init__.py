"""Jobs: what is being worked on, and how far it is."""
