"""Speed and quality as figures with goals: `make bench`."""
