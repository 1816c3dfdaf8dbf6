"""Parts that place themselves for a width: how a column of the transcript is made of them."""

from __future__ import annotations

from typing import Protocol


class Measured(Protocol):
    """A widget that, for a width, places everything in it at once and says how high it is."""

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels."""

    def setGeometry(self, x: int, y: int, w: int, h: int, /) -> None:
        """Stand at a place, in pixels."""


def put(part: Measured, x: int, y: int, width: int) -> int:
    """Let a part stand at a place, as high as it has to be; return where it ends, in pixels."""
    height = part.height_for(width)
    part.setGeometry(x, y, width, height)
    return y + height
