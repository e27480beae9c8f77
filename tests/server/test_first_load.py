"""What a browser loads before it shows anything: no more of it than is needed."""

from __future__ import annotations

import gzip
import re

from shoal.stack import CLIENT_DIST

MOST_BYTES = 200_000
ADDRESS = re.compile(r'(?:src|href)="/(assets/[^"]+)"')


def test_what_the_first_page_needs_is_small() -> None:
    """The files that index.html names, compressed; each page adds its own few."""
    named = ADDRESS.findall((CLIENT_DIST / "index.html").read_text())
    files = [(CLIENT_DIST / each).read_bytes() for each in named]
    assert len(files) > 2
    assert sum(len(gzip.compress(each)) for each in files) < MOST_BYTES
    assert not any(b"monaco" in each for each in files)
