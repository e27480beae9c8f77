"""Prints the schema: `python -m schema > schema/schema.graphql`."""

from __future__ import annotations

import sys

from schema.root import schema

if __name__ == "__main__":
    sys.stdout.write(schema.as_str() + "\n")
