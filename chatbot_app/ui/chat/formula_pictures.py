"""Pictures of formulas: painted from what a process has drawn, and kept up to a limit."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from chatbot_app.workers.formulas import Drawn, Formula, Refusal

MAX_KEPT = 2_000
KEPT_BYTES = 48_000_000
MAX_SIDE = 8_000  # pixels
MAX_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn formula: the image, its size in pixels, how far it hangs below the line of text.

    `image` is None where it is not drawn: its source is shown instead, and `refusal` says why.
    """

    image: QImage | None
    width: float = 0.0
    height: float = 0.0
    depth: float = 0.0
    refusal: Refusal | None = None
    padded: dict[float, tuple[QImage, float]] = field(default_factory=dict, compare=False)


class KeptPictures:
    """Pictures by their formulas; beyond MAX_KEPT of them or KEPT_BYTES the longest unused go, never the last one."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[Formula, Picture] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def size(self) -> int:
        """What they take, in bytes."""
        return self._size

    def of(self, formula: Formula) -> Picture | None:
        """Return the picture of a formula, which is used by that; None where it is not kept."""
        if formula not in self._pictures:
            return None
        self._pictures.move_to_end(formula)
        return self._pictures[formula]

    def keep(self, formula: Formula, picture: Picture) -> None:
        """Keep a picture; others go where there is no room for it."""
        self._pictures[formula] = picture
        self._size += _bytes_of(picture)
        while len(self._pictures) > MAX_KEPT or (self._size > KEPT_BYTES and len(self._pictures) > 1):
            _, old = self._pictures.popitem(last=False)
            self._size -= _bytes_of(old)


def picture_of(drawn: Drawn, ratio: float) -> Picture:
    """Paint the SVG of a drawn formula with `ratio` pixels of the device to a pixel."""
    if drawn.refusal is not None:
        return Picture(None, refusal=drawn.refusal)
    renderer = QSvgRenderer(QByteArray(drawn.svg.encode()))
    box = renderer.viewBoxF()
    width, height = box.width(), box.height()
    if not renderer.isValid() or not (width > 0 and height > 0):
        return Picture(None, refusal=Refusal.WRONG)
    if max(width, height) > MAX_SIDE or width * height * ratio * ratio > MAX_PIXELS:
        return Picture(None, refusal=Refusal.LARGE)
    image = QImage(
        max(1, round(width * ratio)),
        max(1, round(height * ratio)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return Picture(image, width, height, box.y() + height)


def _bytes_of(picture: Picture) -> int:
    return 2 * int(picture.image.sizeInBytes()) if picture.image is not None else 200
