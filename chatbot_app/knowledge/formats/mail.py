"""Mails: kreuzberg reads headers and plain text; where a mail is HTML alone it glues its lines, so that we hand it that part by itself."""

from __future__ import annotations

import email
import re
from email.message import Message
from pathlib import Path

ENDINGS = frozenset({".eml", ".msg"})
_MOST_BYTES = 32 * 1024**2  # of a mail whose parts are looked at: its attachments stand in it
_HEADERS = re.compile(r"\A(?:(?:Subject|From|To|CC|BCC|Reply-To|Date|Attachments): [^\n]*\n)+", re.IGNORECASE)


def html_body(path: Path) -> bytes | None:
    """Return the text of a mail that is HTML alone, in UTF-8; None where it has plain text, or is no .eml. Raises OSError."""
    if path.suffix.lower() != ".eml" or path.stat().st_size > _MOST_BYTES:
        return None
    try:
        # The older policy: the newer one's parser of headers stumbles over what strangers write there.
        message = email.message_from_bytes(path.read_bytes())
        return _html_of(message)
    except (RecursionError, ValueError, LookupError, AttributeError):
        return None


def with_body(text: str, body: str) -> str:
    """Return the headers of a mail, as it was read, with another body."""
    headers = _HEADERS.match(text)
    return f"{headers[0] if headers is not None else ''}\n{body}".strip()


def _html_of(message: Message) -> bytes | None:
    html: bytes | None = None
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind not in ("text/plain", "text/html") or part.get_filename():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        if kind == "text/plain":
            return None
        if html is None:
            html = _decoded(payload, part.get_content_charset() or "utf-8").encode("utf-8", "replace")
    return html


def _decoded(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
