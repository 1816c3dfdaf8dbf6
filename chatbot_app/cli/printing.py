"""Texts of documents and servers as a terminal can take them."""

from __future__ import annotations

import json
from typing import Any

from chatbot_app.core.text import clean_text
from chatbot_app.core.visible_text import visible_text


def json_text(value: Any) -> str:
    """Return JSON that can be printed."""
    return clean_text(json.dumps(value, ensure_ascii=False))  # names of files may be no valid text


def print_json(value: Any) -> None:
    """Print one JSON value on standard output."""
    print(json_text(value))


def one_line(text: str) -> str:
    """Return a document's words as they may be written on a terminal: no control characters, one line."""
    return " ".join(visible_text(clean_text(text)).split())


def passages(count: int) -> str:
    """Return how many passages, in words."""
    return f"{count} passage" if count == 1 else f"{count} passages"
