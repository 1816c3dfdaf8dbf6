"""Addresses in answers: which may be opened, and what they really are."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_HOST = re.compile(r"[\w.:-]+")  # letters of any script, digits; no sign that a resolver may read otherwise


@dataclass(frozen=True, slots=True)
class TrueAddress:
    """Where a link leads: the host as the network sees it, and what about it may deceive."""

    address: str
    host: str  # punycode where it is not ASCII
    shown_host: str
    warnings: tuple[str, ...]


def is_web_address(address: str) -> bool:
    """Whether the address is http or https with a host: nothing else is ever opened."""
    parts = _split(address)
    return (
        parts is not None
        and parts.scheme.lower() in ("http", "https")
        and _HOST.fullmatch(_host(parts)) is not None
    )


def true_address(address: str) -> TrueAddress | None:
    """Return what the address really leads to, or None if it may not be opened."""
    parts = _split(address)
    if parts is None or not is_web_address(address):
        return None
    shown = _host(parts)
    try:
        host = shown.encode("ascii").decode()
    except UnicodeEncodeError:
        try:
            host = shown.encode("idna").decode()
        except UnicodeError:
            return None
    warnings = []
    if "xn--" in host:
        warnings.append("international")
        shown = _decoded(host)
    if parts.username is not None:
        warnings.append("user")
    if parts.scheme.lower() == "http":
        warnings.append("plain")
    return TrueAddress(address, host, shown, tuple(warnings))


def tooltip_of(address: str) -> str:
    """Return the address as rich text that shows it literally: tooltips guess at the format."""
    return f"<span>{html.escape(address[:300])}</span>"


def _split(address: str) -> SplitResult | None:
    if any(unicodedata.category(character) in ("Cc", "Cf") or character == "\\" for character in address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str:
    try:
        return parts.hostname or ""
    except ValueError:
        return ""


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
