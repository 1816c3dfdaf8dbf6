"""JSON of strangers, read within limits of depth and of how many values it is made of."""

from __future__ import annotations

import json
from typing import Any

MOST_CONTAINERS = 50_000  # lists and objects; two bytes each as text, thirty times that as values


def read_json(text: str | bytes, most_containers: int = MOST_CONTAINERS) -> Any:
    """Return the value of `text`. Raises ValueError, also for what is nested too deep or has too many parts.

    Brackets inside strings count as well where they are more than MOST_CONTAINERS: a text that holds so many is
    refused with them.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    brackets = text.count("[") + text.count("{")
    if brackets > MOST_CONTAINERS:
        raise ValueError("too many lists and objects")
    try:
        value = json.loads(text)
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    if brackets > most_containers and _containers(value) > most_containers:
        raise ValueError("too many lists and objects")
    return value


def _containers(value: Any) -> int:
    count, waiting = 0, [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            count += 1
            waiting += inner.values()
        elif isinstance(inner, list):
            count += 1
            waiting += inner
    return count
