"""Fields of what the client library parsed: a model of its own, or a plain value where it knows no model."""

from __future__ import annotations

from typing import Any


def is_object(value: Any) -> bool:
    """Whether a value was an object of JSON."""
    return isinstance(value, dict) or hasattr(value, "model_extra")


def field(value: Any, name: str) -> Any:
    """Return what a server sent as `name`; None for what is absent, or where `value` is no object."""
    if isinstance(value, dict):
        return value.get(name)
    return getattr(value, name, None) if hasattr(value, "model_extra") else None
