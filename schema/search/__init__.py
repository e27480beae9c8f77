"""Search: rows of a data set found by what they mean and by their words."""
