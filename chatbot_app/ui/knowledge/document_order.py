"""The orders in which documents are listed. Rows that are equal in one stay as they came: newest first."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from chatbot_app.ui.knowledge.document_words import DocumentRow, kind_of, one_line


class DocumentOrder(StrEnum):
    """What the person chose; the values of the setting `ui.document_order`."""

    NEWEST = "newest"
    NAME = "name"
    KIND = "kind"
    SIZE = "size"


SortKey = tuple[Any, ...]
_NUMBERS = re.compile(r"(\d+)")


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts names as people do: without regard to case, "page 9" before "page 10"."""
    pieces = _NUMBERS.split(text.casefold())
    # `\d` matches digits of every script; int reads them.
    return tuple((0, int(piece), "") if place % 2 else (1, 0, piece) for place, piece in enumerate(pieces))


@lru_cache(maxsize=20_000)  # a library is sorted outside the GUI thread, which then finds the keys here
def _name_key(name: str, path: str) -> SortKey:
    return (natural_key(one_line(name)), path)


def _by_name(row: DocumentRow) -> SortKey:
    title = row.document.title if row.document is not None else ""
    return _name_key(title or PurePath(row.path).name, row.path)


def _newest(row: DocumentRow) -> SortKey:
    # A failed file has no time of its own: it is what the person looks for first.
    when = row.document.imported_at.timestamp() if row.document is not None else float("inf")
    return (-when,)


def _by_kind(row: DocumentRow) -> SortKey:
    return (kind_of(row.path), *_by_name(row))


def _largest(row: DocumentRow) -> SortKey:
    return (-(row.document.size if row.document is not None else 0), *_by_name(row))


KEYS: dict[DocumentOrder, Callable[[DocumentRow], SortKey]] = {
    DocumentOrder.NEWEST: _newest,
    DocumentOrder.NAME: _by_name,
    DocumentOrder.KIND: _by_kind,
    DocumentOrder.SIZE: _largest,
}


def order_of(value: str) -> DocumentOrder:
    """Return the order of a stored value, the newest first for an unknown one."""
    return DocumentOrder(value) if value in list(DocumentOrder) else DocumentOrder.NEWEST
