"""Ids of what is never written to disk: whoever holds one knows where it belongs, also when it is long gone."""

from __future__ import annotations

_PREFIX = "temporary-"


def is_temporary(item_id: str | None) -> bool:
    """Whether an id names a temporary conversation or a part of one."""
    return item_id is not None and item_id.startswith(_PREFIX)


def temporary_id(item_id: str) -> str:
    """Return the id for a temporary conversation, made of a fresh one."""
    return _PREFIX + item_id


def id_within(conversation_id: str | None, item_id: str) -> str:
    """Return the id of a part of a conversation, made of a fresh one: of a temporary one all parts are temporary."""
    if is_temporary(conversation_id) and not is_temporary(item_id):
        return temporary_id(item_id)
    return item_id


def lasting_id(item_id: str) -> str:
    """Return the id under which something temporary is kept; that of anything else is its own."""
    return item_id.removeprefix(_PREFIX)
