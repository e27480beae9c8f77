"""The trash: deleting, restoring, and freeing what things hold."""
