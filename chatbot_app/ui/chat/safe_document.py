"""Documents that show only what was put into them, and the properties by which parts of them are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)

from chatbot_app.ui.chat.look import Look

SOURCE_PROPERTY = QTextFormat.Property.UserProperty + 1  # what a drawn formula stands for in copied text
TASK_PROPERTY = QTextFormat.Property.UserProperty + 2  # 1 an open box before the paragraph, 2 a ticked one
BULLET_PROPERTY = (
    QTextFormat.Property.UserProperty + 3
)  # how deep the list is that the paragraph begins an item of
_OBJECT = "\ufffc"


class SafeDocument(QTextDocument):
    """A document that never reads a file or an address: it shows only what was put into it."""

    def __init__(self, look: Look, *, wrap: bool = True) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setDefaultFont(look.font)
        self.setIndentWidth(look.em * 1.7)
        option = QTextOption()
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if wrap else QTextOption.WrapMode.NoWrap
        )
        self.setDefaultTextOption(option)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return None


def warm_up(look: Look) -> Iterator[None]:
    """Have Qt load the fonts of a conversation one by one: the first word in each takes tens of milliseconds."""
    fonts = [look.font, look.code_font, *(look.heading_font(level) for level in (1, 2, 3))]
    for italic in (False, True):
        for font in fonts:
            document = SafeDocument(look)
            character = QTextCharFormat()
            character.setFont(font)
            character.setFontItalic(italic)
            cursor = QTextCursor(document)
            cursor.insertText("Aa1 ", character)
            character.setFontWeight(QFont.Weight.DemiBold)
            cursor.insertText("•→", character)
            document.size()
            yield


def quote_level(block_format: QTextBlockFormat) -> int:
    """Return how many quotes a paragraph stands in."""
    return int(block_format.intProperty(QTextFormat.Property.BlockQuoteLevel))


def text_between(document: QTextDocument, start: int, end: int) -> str:
    """Return the text of a range with formulas as LaTeX and line separators as line breaks."""
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    text = cursor.selectedText()
    if _OBJECT in text:
        parts = []
        for offset, character in enumerate(text):
            if character == _OBJECT:
                cursor.setPosition(start + offset + 1)
                character = str(cursor.charFormat().property(SOURCE_PROPERTY) or "")
            parts.append(character)
        text = "".join(parts)
    return text.replace("\u2029", "\n").replace("\u2028", "\n")
