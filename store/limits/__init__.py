"""How much callers may ask for, have and do, and how much they did."""
