"""A container's health check: `python -m shoal.answers URL` exits with 0 if the URL gives a 200.

Of the standard library alone, because it is started every few seconds.
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT_S = 5


def status_of(url: str) -> int:
    """What a GET is answered with. Raises OSError, HTTPException."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status
    finally:
        connection.close()


def main() -> None:
    """Say why not, for `docker inspect` and `kubectl describe`."""
    url = sys.argv[1]
    if not url.startswith("http://"):
        sys.exit(f"{url} is no http:// URL")
    try:
        status = status_of(url)
    except (OSError, HTTPException) as fault:
        sys.exit(f"{url}: {fault}")
    if status != HTTPStatus.OK:
        sys.exit(f"{url} answers {status}")


if __name__ == "__main__":
    main()
