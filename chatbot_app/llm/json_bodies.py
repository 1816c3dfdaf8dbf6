"""JSON of strangers, read within limits of depth and of how many values it is made of."""

from __future__ import annotations

import json
from typing import Any

MOST_CONTAINERS = 50_000  # lists and objects; two bytes each as text, thirty times that as values


def read_json(text: str | bytes) -> Any:
    """Return the value of `text`. Raises ValueError, also for what is nested too deep or has too many parts.

    Brackets inside strings count as well: a text that holds so many is refused with them.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    if text.count("[") + text.count("{") > MOST_CONTAINERS:
        raise ValueError("too many lists and objects")
    try:
        return json.loads(text)
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
