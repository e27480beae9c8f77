"""The stages of a training, a file each."""
