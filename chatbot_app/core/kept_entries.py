"""What is kept with an answer in its metadata, read back entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Kept = TypeVar("_Kept")


def read_entries(stored: object, read: Callable[[Any], _Kept]) -> list[_Kept]:
    """Return what `read` makes of the entries of a stored list; those where it raises KeyError, TypeError or ValueError are left out."""
    found: list[_Kept] = []
    for mapping in stored if isinstance(stored, list) else []:
        try:
            found.append(read(mapping))
        except (KeyError, TypeError, ValueError):
            continue  # one unreadable entry is no reason to lose the others
    return found


def read_stretch(
    mapping: Mapping[str, Any],
) -> tuple[str, str, str, int | None, str, int, int, float, str]:
    """Return the stretch of a document that a citation or a quote names.

    That is (document id, document, path, page, heading, start, end, score, text). Raises KeyError, ValueError or TypeError where it is none.
    """
    page = mapping["page"]
    return (
        str(mapping["document_id"]),
        str(mapping["document"]),
        str(mapping["path"]),
        None if page is None else int(page),
        str(mapping["heading"]),
        int(mapping["start"]),
        int(mapping["end"]),
        float(mapping["score"]),
        str(mapping["text"]),
    )
