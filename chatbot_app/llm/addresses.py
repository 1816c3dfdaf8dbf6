"""Web addresses as the network sees them: ASCII, with the very host that will be opened."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit

_LONGEST_HOST = 1000  # characters before mapping; a name has at most 253 afterwards
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
# What RFC 3986 lets stand in a path, a query and a fragment; the percent sign is the author's own.
_PATH = "/%:@!$&'()*+,;=~-._"
_QUERY = _PATH + "?"


def network_host(host: str) -> str:
    """Return the host that a browser opens for `host`: lower case, punycode, numbers written out.

    `host` comes without a port and without brackets. International names follow UTS 46 without the
    transitional mapping (as browsers and IDNA 2008: `faß.de` stays its own name), IPv4 numbers in any
    spelling follow the WHATWG URL standard. Raises ValueError for what is no host.
    """
    if len(host) > _LONGEST_HOST:
        raise ValueError("the host is too long")
    if ":" in host:
        return ipaddress.IPv6Address(_without_zone(host)).compressed
    name = (host if host.isascii() else _mapped(host)).lower()
    bare = name.removesuffix(".")
    if not _NAME.fullmatch(bare) or ".." in bare or any(len(label) > 63 for label in bare.split(".")):
        raise ValueError("the host has characters that no name has")
    if _NUMERIC_END.search(bare):
        return str(_ipv4(bare))
    return name


def _without_zone(host: str) -> str:
    if "%" in host:
        raise ValueError("the host names an interface of this computer")
    return host


def _mapped(host: str) -> str:
    """Return an international name in ASCII."""
    import idna  # its tables take 10 ms, and most names are ASCII

    mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    return ".".join(label if label.isascii() else _a_label(label) for label in mapped.split("."))


def _a_label(label: str) -> str:
    import idna

    try:
        return idna.encode(label).decode("ascii")
    except idna.IDNAError:
        # Browsers also open names that IDNA 2008 does not register any more, such as those with symbols;
        # what cannot be seen stays refused.
        if any(unicodedata.category(character) in ("Cf", "Mn", "Me", "Cn", "Co") for character in label):
            raise
        return "xn--" + label.encode("punycode").decode("ascii")


def _ipv4(name: str) -> ipaddress.IPv4Address:
    parts = name.split(".")
    if len(parts) > 4:
        raise ValueError("the number has more than four parts")
    numbers = [_part(part) for part in parts]
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise ValueError("a part of the number is too large")
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number << 8 * (3 - place)
    return ipaddress.IPv4Address(value)


def _part(part: str) -> int:
    if len(part) > 40:
        raise ValueError("a part of the number is too long")
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if len(part) > 1 and part.startswith("0"):
        return int(part, 8)
    return int(part)


def network_address(address: str) -> str:
    """Return an http(s) address in ASCII, its host as `network_host`; the rest percent-encoded where needed.

    A part that is encoded already stays as it is. Raises ValueError for anything else than an http(s)
    address with a host.
    """
    parts = urlsplit(address)
    port = parts.port
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise ValueError("only http and https addresses lead anywhere")
    host = network_host(parts.hostname)
    place = f"[{host}]" if ":" in host else host
    user, at, _ = parts.netloc.rpartition("@")
    rebuilt = SplitResult(
        parts.scheme.lower(),
        quote(user, safe="%:!$&'()*+,;=~-._") + at + place + ("" if port is None else f":{port}"),
        _quoted(parts.path, _PATH),
        _quoted(parts.query, _QUERY),
        _quoted(parts.fragment, _QUERY),
    )
    return rebuilt.geturl()


def _quoted(text: str, safe: str) -> str:
    encoded = quote(text, safe=safe, errors="replace")
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)


def shown_host(host: str) -> str:
    """Return a host of `network_host` with its international letters, where they lead back to it."""
    if "xn--" not in host:
        return host
    import idna

    labels = [_shown_label(label) for label in host.split(".")]
    shown = ".".join(labels)
    try:
        return shown if network_host(shown) == host else host
    except (ValueError, idna.IDNAError):
        return host


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
