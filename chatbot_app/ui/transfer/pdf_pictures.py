"""The pictures of messages on the pages of a PDF."""

from __future__ import annotations

import re
from base64 import b64decode

from PySide6.QtCore import QSize, QSizeF, Qt
from PySide6.QtGui import QImage

from chatbot_app.ui.chat.picture_decoding import decoded

# As the export writes it; in the words of messages no such tag is left.
_PICTURE = re.compile(r'<p><img class="picture" alt="([^"]*)" src="data:[a-z/]+;base64,([A-Za-z0-9+/=]*)">')
_PARAGRAPH = '<p style="line-height: 100%">'  # else there is a gap below, as high as its share of the picture
_SHARPNESS = 2  # pixels of a picture for one of the layout
_HIGHEST = 0.6  # of a page


def with_message_pictures(html: str, page: QSizeF, pictures: dict[str, QImage]) -> str:
    """Return HTML that names the pictures of messages, which are added to `pictures` by these names."""
    room = QSizeF(page.width(), page.height() * _HIGHEST)

    def placed(match: re.Match[str]) -> str:
        image = decoded(b64decode(match.group(2)), (room * _SHARPNESS).toSize())
        if image.isNull():
            return f"<p><i>{match.group(1)}</i>"
        size = QSizeF(image.size())
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        shown = size.toSize().expandedTo(QSize(1, 1))
        name = f"picture:{len(pictures)}"
        pictures[name] = image
        return f'{_PARAGRAPH}<img src="{name}" width="{shown.width()}" height="{shown.height()}">'

    return _PICTURE.sub(placed, html)
