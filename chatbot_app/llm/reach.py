"""How far an address leads: to this machine, into a private network, or out into the public one.

The ranges are those of the IANA special-purpose address registries (IPv4 and IPv6, RFC 6890), written down
here because the standard library's view of them changes between Python's versions.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from enum import IntEnum
from urllib.parse import urlsplit

from chatbot_app.llm.addresses import network_host

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(IntEnum):
    """Nearer is smaller."""

    BLOCKED = 0  # this machine, its link (cloud metadata services live there), nobody or everybody
    PRIVATE = 1  # a network that is not everyone's; also what is not assigned to anybody
    PUBLIC = 2


_BLOCKED_4 = tuple(map(ipaddress.IPv4Network, (
    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
)))  # fmt: skip
_PRIVATE_4 = tuple(map(ipaddress.IPv4Network, (
    "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
)))  # fmt: skip
_BLOCKED_6 = tuple(map(ipaddress.IPv6Network, ("::/127", "fe80::/10", "ff00::/8")))
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")  # the only part that is given out
_PRIVATE_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))

# IPv6 addresses that stand for an IPv4 one: then that one decides.
_LAST_32_BITS = tuple(map(ipaddress.IPv6Network, (
    "::ffff:0:0/96",  # mapped
    "::/96",  # compatible
    "::ffff:0:0:0/96",  # translated, RFC 2765
    "64:ff9b::/96",  # behind a gateway, RFC 6052
)))  # fmt: skip
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_TEREDO = ipaddress.IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the interface identifier, before the IPv4 address


def reach_of(number: str) -> Reach:
    """Return the reach of a network address; of one that stands for others, the nearest of all.

    Raises ValueError for what is no network address.
    """
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return _reach_4(address)
    embedded = [_reach_4(inner) for inner in _embedded(address)]
    if any(address in network for network in _LAST_32_BITS) and int(address) > 1:
        return embedded[0]  # nothing but another spelling of it
    if address in _SIX_TO_FOUR or address in _TEREDO:
        return min(embedded)
    return min([_reach_6(address), *embedded])


def _embedded(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if any(address in network for network in _LAST_32_BITS):
        yield last
    elif address in _SIX_TO_FOUR:
        yield ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)
    elif address in _TEREDO:
        yield ipaddress.IPv4Address(number >> 64 & 0xFFFFFFFF)
        yield ipaddress.IPv4Address(~number & 0xFFFFFFFF)
    if number >> 32 & 0xFFFFFFFF in _ISATAP:
        yield last


def _reach_4(address: ipaddress.IPv4Address) -> Reach:
    if any(address in network for network in _BLOCKED_4):
        return Reach.BLOCKED
    return Reach.PRIVATE if any(address in network for network in _PRIVATE_4) else Reach.PUBLIC


def _reach_6(address: ipaddress.IPv6Address) -> Reach:
    if any(address in network for network in _BLOCKED_6):
        return Reach.BLOCKED
    if address not in _PUBLIC_6 or any(address in network for network in _PRIVATE_6):
        return Reach.PRIVATE
    return Reach.PUBLIC


def is_own_name(host: str) -> bool:
    """Whether a name means this machine by definition, whatever a resolver says (RFC 6761)."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def is_loopback(address: str) -> bool:
    """Whether `address` (a URL) names this machine by a name or number that never leaves it."""
    number = _number_of(address)
    if number is None:
        return is_own_name(_host_of(address))
    mapped = getattr(number, "ipv4_mapped", None)
    return number.is_loopback or number.is_unspecified or bool(mapped and mapped.is_loopback)


def is_nearby(address: str) -> bool:
    """Whether `address` (a URL) leads to this machine or into its own network, by number or by name.

    Names without a dot and those of a local network (`.local`, `.lan`, `.internal`, `.home.arpa`) do.
    """
    number = _number_of(address)
    if number is not None:
        return reach_of(str(number)) is not Reach.PUBLIC
    host = _host_of(address)
    return is_own_name(host) or "." not in host or host.endswith(_LOCAL_ENDINGS)


_LOCAL_ENDINGS = (".local", ".lan", ".home", ".internal", ".intranet", ".home.arpa")


def _host_of(address: str) -> str:
    try:
        return network_host(urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _number_of(address: str) -> _Address | None:
    try:
        return ipaddress.ip_address(_host_of(address))
    except ValueError:
        return None
