"""The small pictures that a transcript shows: asked for when they are painted, and kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

_MOST_KEPT = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture of a message, to be as large as fits into `size`, in pixels of the screen."""

    message_id: str
    ordinal: int
    size: QSize


class PictureShelf(QObject):
    """Who brings pictures connects to `wanted` and calls `put`."""

    wanted = Signal(object)  # Wanted
    arrived = Signal(str, int)  # message id, ordinal

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()

    def get(self, message_id: str, ordinal: int, size: QSize) -> QImage | None:
        """Return a picture, null where it cannot be shown; None until it has arrived: it is asked for."""
        key = (message_id, ordinal)
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
        elif key not in self._asked:
            self._asked.add(key)
            self.wanted.emit(Wanted(message_id, ordinal, size))
        return image

    def put(self, message_id: str, ordinal: int, image: QImage) -> None:
        """Keep a picture that was asked for; a null one says that it cannot be shown."""
        key = (message_id, ordinal)
        self._asked.discard(key)
        self._kept[key] = image
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(message_id, ordinal)
