"""Which addresses on the network a webhook may reach: public ones, and those that are allowed.

An address that holds another (IPv4-mapped, NAT64) is judged by the one within. Of the ways to
tunnel IPv4 in IPv6, 6to4 and Teredo are dead and refused whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from store.errors import BadSettings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
REFUSED = tuple(
    ip_network(each)
    for each in (
        # IANA's registries of special-purpose addresses
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        # clouds keep their metadata at public addresses as well
        "168.63.129.16/32",
    )
)  # fmt: skip


def is_public(address: Address) -> bool:
    """Whether anybody's server may be there, and none of this network's own."""
    if isinstance(address, IPv6Address):
        if inner := _within(address):
            return is_public(inner)
        if address not in GLOBAL_UNICAST:
            return False
    return not any(address in network for network in REFUSED)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator allows beside public addresses: hosts by name, and networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Allowed:
        """Raises BadSettings for an entry that is neither a network nor a name."""
        names, networks = set(), []
        for entry in entries:
            try:
                networks.append(ip_network(entry))
            except ValueError:
                if "/" in entry or not entry.isascii():
                    why = f"{entry!r} is neither a host nor a network such as 10.1.0.0/16"
                    raise BadSettings(f"SHOAL_WEBHOOK_ALLOWED_HOSTS: {why}") from None
                names.add(entry.lower())
        return cls(frozenset(names), tuple(networks))

    def has_host(self, host: str) -> bool:
        """Whether the host of a URL is one that the operator named."""
        address = address_in(host)
        return host in self.names or (address is not None and self.has(address))

    def has(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def may_reach(self, text: str) -> bool:
        """Whether a webhook may connect there. `text` is an address as a socket takes it."""
        address = ip_address(text)
        return is_public(address) or self.has(address)


def address_in(host: str) -> Address | None:
    """The address that a URL has in the place of a name, if it has."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _within(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
