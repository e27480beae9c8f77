"""The pure part: local files and arrays in, local files and arrays out."""
