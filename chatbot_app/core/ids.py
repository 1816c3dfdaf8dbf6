"""Ids of what is kept."""

from __future__ import annotations


def new_id() -> str:
    """Return an id that is unique everywhere."""
    import uuid

    return uuid.uuid4().hex
