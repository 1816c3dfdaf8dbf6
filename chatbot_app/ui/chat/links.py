"""Addresses in answers: which may be opened, and what they really are."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from chatbot_app.llm.addresses import network_address, shown_host


@dataclass(frozen=True, slots=True)
class TrueAddress:
    """Where a link leads, and what about it may deceive.

    `address` is what is opened, in ASCII; `host` is the host in it, to the letter; `shown_host` has its
    international letters.
    """

    address: str
    host: str  # punycode where it is not ASCII
    shown_host: str
    warnings: tuple[str, ...]


def is_web_address(address: str) -> bool:
    """Whether the address is http or https with a host: nothing else is ever opened."""
    return _opened_address(address) is not None


def true_address(address: str) -> TrueAddress | None:
    """Return what the address really leads to, or None if it may not be opened."""
    opened = _opened_address(address)
    if opened is None:
        return None
    parts = urlsplit(opened)
    host = parts.hostname or ""
    warnings = []
    if "xn--" in host:
        warnings.append("international")
    if parts.username is not None:
        warnings.append("user")
    if parts.scheme == "http":
        warnings.append("plain")
    return TrueAddress(opened, host, shown_host(host), tuple(warnings))


def tooltip_of(address: str) -> str:
    """Return the address as rich text that shows it literally: tooltips guess at the format."""
    return f"<span>{html.escape(address[:300])}</span>"


def _opened_address(address: str) -> str | None:
    if any(unicodedata.category(character) in ("Cc", "Cf") or character == "\\" for character in address):
        return None
    try:
        return network_address(address)
    except ValueError:  # UnicodeError, idna.IDNAError and what urlsplit finds wrong
        return None
