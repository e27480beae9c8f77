"""A trained head, fitted again to corrected labels on the vectors that its training kept."""
