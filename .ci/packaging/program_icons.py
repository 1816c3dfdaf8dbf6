"""Draws the icon of the program in the formats of the three platforms, from its SVG."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SIDES = (16, 32, 48, 64, 128, 256, 512)  # pixels; those of the hicolor theme


@dataclass(frozen=True, slots=True)
class Icons:
    """Where the drawn files are; `pngs` by their side in pixels."""

    pngs: dict[int, Path]
    ico: Path
    icns: Path


def draw_icons(svg: Path, folder: Path) -> Icons:
    """Draw `svg` into `folder`. Raises SystemExit where a file cannot be written."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    _application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise SystemExit(f"{svg} is not an SVG file.")

    def drawn(side: int) -> QImage:
        image = QImage(side, side, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        return image

    icons = Icons(
        {side: folder / f"{side}.png" for side in SIDES}, folder / "Chatbot.ico", folder / "Chatbot.icns"
    )
    for path, side in [
        *((path, side) for side, path in icons.pngs.items()),
        (icons.ico, 256),
        (icons.icns, 512),
    ]:
        if not drawn(side).save(str(path)):
            raise SystemExit(f"{path} cannot be written.")
    return icons
