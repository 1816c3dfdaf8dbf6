"""Text columns whose bytes are no text any more: read as far as they can be, and known by their type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class DamagedText(str):
    """Text with U+FFFD in the place of bytes that are no UTF-8: not what was stored."""

    __slots__ = ()


def text_reader(on_damage: Callable[[], None] = lambda: None) -> Callable[[bytes], str]:
    """Return a `text_factory` for connections: it calls `on_damage` for each damaged text and never raises."""

    def read(data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            on_damage()
            return DamagedText(data.decode("utf-8", "replace"))

    return read


def as_text(value: Any) -> str:
    """Return a cell of a text column as text, whatever is in it; "" for NULL."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return DamagedText(value.decode("utf-8", "replace"))
    return "" if value is None else DamagedText(value)


def as_text_or_none(value: Any) -> str | None:
    """Return a cell of a text column that may be NULL."""
    return None if value is None else as_text(value)


def as_number(value: Any, otherwise: int = 0) -> int:
    """Return a cell of a column of whole numbers; `otherwise` where it holds none."""
    return value if isinstance(value, int) else otherwise
