"""Where a webhook may point: what its URL alone can tell.

The name is looked up when something is sent, and the address checked then, at the connection: what
it is today says nothing of tomorrow. yarl reads the URL here and there, so that nothing can mean
one host to the check and another to the connection.
"""

from __future__ import annotations

from yarl import URL

from store.errors import InvalidValue
from store.webhooks.addresses import Allowed, address_in, is_public

MAX_URL, MAX_LABEL = 2_000, 63
HTTPS_PORT = 443
FIRST_FREE_PORT = 1024
"""Below it lie mail, shells and directories, that nobody takes webhooks at."""


def clean_url(text: str, allowed: Allowed) -> str:
    """The one spelling under which the URL is kept. Raises InvalidValue."""
    if len(text) > MAX_URL:
        raise _bad(f"at most {MAX_URL:,} characters are allowed")
    if not text.isprintable() or any(character in text for character in " \\#"):
        raise _bad("it holds a space, a backslash, `#` or a control character")
    try:
        url = URL(text)
        host, port = (url.raw_host or "").lower(), url.explicit_port
    except ValueError:
        raise _bad("it cannot be read") from None
    authority = text.partition("://")[2].partition("/")[0].partition("?")[0]
    if not host or "@" in authority:
        raise _bad("it must name a host, and no user or password")
    _check_host(host, allowed, is_bracketed="[" in authority)
    if not allowed.has_host(host):
        _check_way(url.scheme, port)
    elif url.scheme not in ("https", "http"):
        raise _bad("it must begin with https:// or http://")
    return str(url)


def _check_way(scheme: str, port: int | None) -> None:
    if scheme != "https":
        raise _bad("it must begin with https://")
    if port is not None and port != HTTPS_PORT and port < FIRST_FREE_PORT:
        raise _bad(f"its port must be {HTTPS_PORT}, or {FIRST_FREE_PORT} and above")


def _check_host(host: str, allowed: Allowed, *, is_bracketed: bool) -> None:
    if "%" in host:
        raise _bad("its host has a zone or an escape")
    if host.endswith("."):
        raise _bad("its host ends with a dot; leave that out")
    address = address_in(host)
    if address is None:
        _check_name(host, is_bracketed=is_bracketed)
    elif not (is_public(address) or allowed.has(address)):
        raise _bad("its address is not public")


def _check_name(host: str, *, is_bracketed: bool) -> None:
    """A name whose last part is a number is an IPv4 address in a spelling of old."""
    labels = host.split(".")
    if not all(1 <= len(label) <= MAX_LABEL for label in labels):
        raise _bad(f"a part of its host is empty, or longer than {MAX_LABEL} characters")
    last = labels[-1]
    if is_bracketed or last.isdigit() or last.startswith("0x"):
        raise _bad("write its address as four numbers from 0 to 255, or in IPv6")


def _bad(why: str) -> InvalidValue:
    return InvalidValue(f"this URL is not possible: {why}", "url")
