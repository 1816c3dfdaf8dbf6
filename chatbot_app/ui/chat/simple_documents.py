"""Documents of one paragraph of Markdown, and of text that is shown as it is written."""

from __future__ import annotations

from markdown_it.token import Token
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor

from chatbot_app.ui.chat.inline_writer import InlineWriter
from chatbot_app.ui.chat.look import LINE_HEIGHT, Look
from chatbot_app.ui.chat.safe_document import SafeDocument


def title_document(
    children: list[Token], writer: InlineWriter, look: Look, before: str = ""
) -> tuple[SafeDocument, str]:
    """Return the title of details as a document and as words; one that has none gets a name."""
    document = SafeDocument(look)
    cursor = QTextCursor(document)
    block = QTextBlockFormat()
    block.setLineHeight(116, 1)
    cursor.setBlockFormat(block)
    base = writer.plain_format()
    base.setFontWeight(QFont.Weight.DemiBold)
    if before:
        cursor.insertText(before, base)
    if children:
        writer.write(cursor, children, base)
    if not document.toPlainText().strip(" \u2028\n" + before):
        cursor.insertText(QCoreApplication.translate("DocumentBuilder", "Details"), base)
    return document, " ".join(document.toPlainText().split())


def literal_document(text: str, look: Look, note: str = "") -> SafeDocument:
    """Return text exactly as it is, line breaks included, in one paragraph format; above it a line of our own."""
    document = SafeDocument(look)
    cursor = QTextCursor(document)
    block = QTextBlockFormat()
    block.setLineHeight(LINE_HEIGHT, 1)
    cursor.setBlockFormat(block)
    character = QTextCharFormat()
    if note:
        quiet = QTextCharFormat()
        quiet.setFont(look.small_font())
        quiet.setFontItalic(True)
        quiet.setForeground(QColor(look.colors.muted))
        cursor.insertText(note + "\n", quiet)
    character.setFont(look.font)
    cursor.insertText(text, character)
    return document
