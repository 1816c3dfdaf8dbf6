"""The child process that lays out the HTML of an export on the pages of a PDF, formulas as pictures.

Qt keeps Python from working meanwhile, for seconds where a conversation is long: not in the process of the window.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from chatbot_app.ui.transfer.pdf_pictures import with_message_pictures

_DPI = 96  # of the layout: a pixel of it is a pixel of the HTML
_MARGIN_MM = 18.0
_TEXT_PIXELS = 14
_SHARPNESS = 4  # pixels of a formula's picture for one of the layout
_FOOT_PIXELS = 24
_FORMULA = re.compile(
    r'<span class="formula" role="img" aria-label="([^"]*)">(<svg.*?</svg>)</span>', re.DOTALL
)
_SIZE = re.compile(r'style="width:([\d.]+)em;height:([\d.]+)em;vertical-align:[-\d.]+em"')
_MOST_EM = 60.0
_STYLE = """
h1 { font-size: 22px; } .who { font-size: 12px; color: #5c6370; margin-top: 16px; } p, li { line-height: 135%; }
.question { background-color: #f3f4f7; } pre { background-color: #f3f4f7; font-size: 12px; white-space: pre-wrap; }
code { font-family: monospace; } th { background-color: #f3f4f7; } .when, .said, .place { color: #5c6370; }
"""
# What the export writes itself; in the words of messages no such tag is left.
_AS_QT_LAYS_OUT = (
    ("<h2>", '<p class="who"><b>'),
    ("</h2>", "</b></p>"),
    ("<table>", '<table border="1" cellspacing="0" cellpadding="4" style="border-collapse: collapse">'),
)


class _Document(QTextDocument):
    """Holds pictures of formulas and messages, and loads nothing."""

    pictures: dict[str, QImage]

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return self.pictures.get(name if isinstance(name, str) else name.toString())


def main(words: Sequence[str]) -> int:
    """Run as the child: lay out the HTML file of the first word into the PDF of the second; return the status."""
    if sys.platform not in ("win32", "darwin"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # fonts need an application, and this one shows nothing
    html, pdf = (Path(word) for word in words)
    application = QGuiApplication(["chatbot-app"])
    pages = _Pages(pdf)
    # Each conversation is a document of its own; no message can write such a tag.
    for section in html.read_text(encoding="utf-8").split('<section id="conversation-')[1:]:
        pages.add(section.partition(">")[2].partition("</section>")[0])
    pages.end()
    _ = application
    return 0


class _Pages:
    """The pages of one file; documents are drawn one after the other."""

    def __init__(self, path: Path) -> None:
        self._number = 0
        self._writer = QPdfWriter(str(path))
        self._writer.setResolution(_DPI)
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        self._writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                margins,
                QPageLayout.Unit.Millimeter,
            )
        )
        self._writer.setCreator("chatbot-app")
        self._painter = QPainter()
        if not self._painter.begin(self._writer):
            raise OSError(f"{path} cannot be written")

    def add(self, html: str) -> None:
        """Draw HTML from a new page on."""
        width, height = float(self._writer.width()), float(self._writer.height()) - _FOOT_PIXELS
        document = _Document()
        document.setUndoRedoEnabled(False)
        font = QFont()
        font.setPixelSize(_TEXT_PIXELS)
        document.setDefaultFont(font)
        document.setDefaultStyleSheet(_STYLE)
        document.setDocumentMargin(0)
        document.documentLayout().setPaintDevice(self._writer)
        document.pictures, html = _with_pictures(html, width)
        html = with_message_pictures(html, QSizeF(width, height), document.pictures)
        document.setPageSize(QSizeF(width, height))
        for shown, laid_out in _AS_QT_LAYS_OUT:
            html = html.replace(shown, laid_out)
        document.setHtml(html)
        for page in range(document.pageCount()):
            if self._number:
                self._writer.newPage()
            self._number += 1
            self._painter.save()
            self._painter.translate(0, -page * height)
            document.drawContents(self._painter, QRectF(0, page * height, width, height))
            self._painter.restore()
            foot = QRectF(0, height, width, _FOOT_PIXELS)
            small = QFont(font)
            small.setPixelSize(_TEXT_PIXELS * 3 // 4)
            self._painter.setFont(small)
            self._painter.drawText(
                foot, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, str(self._number)
            )

    def end(self) -> None:
        """Write what is left."""
        self._painter.end()


def _with_pictures(html: str, width: float) -> tuple[dict[str, QImage], str]:
    """Return the pictures of formulas by their addresses, and the HTML that names them."""
    pictures: dict[str, QImage] = {}

    def placed(match: re.Match[str]) -> str:
        tex, svg = match.groups()
        size = _SIZE.search(svg)
        if size is None or max(map(float, size.groups())) > _MOST_EM:
            return f"<code>{tex}</code>"
        across, down = (float(number) * _TEXT_PIXELS for number in size.groups())
        if across > width:
            across, down = width, down * width / across
        picture = QImage(
            max(1, round(across * _SHARPNESS)), max(1, round(down * _SHARPNESS)), QImage.Format.Format_ARGB32
        )
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        shape = _SIZE.sub('xmlns="http://www.w3.org/2000/svg"', svg).replace("currentColor", "#000000")
        QSvgRenderer(QByteArray(unescape(shape).encode())).render(painter)
        painter.end()
        name = f"formula:{len(pictures)}-{secrets.token_hex(4)}"
        pictures[name] = picture
        return f'<img src="{name}" width="{across:.0f}" height="{down:.0f}" style="vertical-align: middle">'

    return pictures, _FORMULA.sub(placed, html)
