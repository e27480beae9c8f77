"""Who did what: written for every mutation, read and exported by admins."""
