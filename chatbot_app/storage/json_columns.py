"""JSON in a column: written as ASCII, read without raising over what a damaged cell holds."""

from __future__ import annotations

import json
from typing import Any


def dump_json(value: Any) -> str:
    """Return `value` as JSON that SQLite can hold: pure ASCII, so that no surrogate is in it."""
    return json.dumps(value, separators=(",", ":"))


def load_json(text: Any) -> Any:
    """Return the value that the cell `text` stands for, None where it stands for none."""
    if not isinstance(text, str) or not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def load_mapping(text: Any) -> dict[str, Any]:
    """Return the JSON object in `text`, empty where there is none."""
    value = load_json(text)
    return value if isinstance(value, dict) else {}
