"""Keys out of every text that is shown, logged or kept."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

MASK = "•••"

# A server may quote the header it was sent, or another key than ours (a gateway its own).
_BEARER = re.compile(r"(?i)\b(bearer)\s+[A-Za-z0-9._~+/=-]{8,}")
_KNOWN_STYLES = re.compile(r"\b(?:sk-[A-Za-z0-9_-]{12,}|hf_[A-Za-z0-9]{12,})")  # and the Hugging Face Hub's


def mask_key(text: str, key: str | None) -> str:
    """Return `text` with the key, and whatever else looks like one, replaced by `MASK`."""
    if key:
        written = {key, quote(key, safe=""), json.dumps(key)[1:-1]}
        for form in sorted(written, key=len, reverse=True):
            text = text.replace(form, MASK)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    return _KNOWN_STYLES.sub(MASK, text)
