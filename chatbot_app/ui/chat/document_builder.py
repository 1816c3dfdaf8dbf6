"""Markdown blocks as documents: headings, paragraphs, lists and quotes, with code and tables set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextListFormat,
)

from chatbot_app.core.markdown_parser import MAX_NESTING
from chatbot_app.ui.chat.inline_writer import InlineWriter
from chatbot_app.ui.chat.look import LINE_HEIGHT, Look
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer
from chatbot_app.ui.chat.pieces import CodePiece, FoldPiece, Piece, TablePiece, TextPiece
from chatbot_app.ui.chat.safe_document import BULLET_PROPERTY, TASK_PROPERTY, SafeDocument
from chatbot_app.ui.chat.simple_documents import title_document

_TASKS = {"[ ] ": False, "[x] ": True, "[X] ": True}


@dataclass(slots=True)
class _List:
    ordered: bool
    number: int
    fresh: bool = False  # the item's first paragraph, which carries the marker, is still to come


class DocumentBuilder:
    """Turns the source of one block into pieces; one builder serves one block."""

    def __init__(self, parser: MarkdownIt, look: Look, renderer: MathRenderer, budget: FormulaBudget) -> None:
        self._parser = parser
        self._look = look
        self._writer = InlineWriter(look, renderer, budget)
        self._pieces: list[Piece] = []
        self._lists: list[_List] = []
        self._quotes = 0
        self._details = 0
        self._expanded = False  # the details that began last are open at first
        self._heading = 0
        self._tight = False
        self._written_from = MAX_NESTING  # text at this level and deeper keeps its lines
        self._cursor: QTextCursor | None = None
        self._decorated = False

    def build(self, source: str, references: dict[str, Any], first_number: int = 0) -> list[Piece]:
        """Return the pieces of a text block; a list at its start begins with `first_number`, if that is not 0."""
        lines = source.split("\n")
        skip_until = -1
        tokens = self._parser.parse(source, {"references": dict(references)})
        for token in tokens:
            if skip_until >= 0:
                if token.type == "table_close" and token.level == skip_until:
                    skip_until = -1
                continue
            if token.type == "table_open":
                skip_until = token.level
                first, last = token.map or [0, 0]
                self._finish_text()
                table = "\n".join(line.lstrip(" >\t") for line in lines[first:last])
                self._pieces.append(TablePiece(table, self._depth(), self._details))
            else:
                if first_number and token.type == "ordered_list_open" and not token.level:
                    token.attrs["start"], first_number = first_number, 0
                self._take(token)
        self._finish_text()
        return self._pieces

    def _take(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "heading_close":
                self._heading = 0
            case "bullet_list_open":
                self._lists.append(_List(False, 1))
            case "ordered_list_open":
                self._lists.append(_List(True, int(token.attrs.get("start", 1))))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._lists[-1].fresh = True
            case "list_item_close":
                if self._lists[-1].fresh:
                    self._paragraph(QTextCharFormat())
                self._lists[-1].number += 1
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "details_open":
                self._finish_text()
                self._details += 1
                self._expanded = bool(token.meta.get("expanded"))
            case "details_close":
                self._finish_text()
                self._details -= 1
            case "paragraph_open":
                self._tight = token.hidden
            case "inline":
                self._write_inline(token)
            case "fence" | "code_block":
                self._finish_text()
                language = token.info.strip().split(" ")[0]
                code = token.content.removesuffix("\n")
                self._pieces.append(CodePiece(code, language, self._depth(), self._details))
                if self._lists:
                    self._lists[-1].fresh = False
            case "math_block":
                cursor = self._paragraph(QTextCharFormat(), centred=True)
                self._writer.write_formula(
                    cursor, token.content, True, self._writer.plain_format(), f"$${token.content}$$"
                )
            case "nesting_note":
                self._written_from = token.level
                self._write_note(
                    QCoreApplication.translate(
                        "DocumentBuilder", "Nested too deeply to be drawn; it goes on as it is written:"
                    )
                )
            case "hr":
                cursor = self._paragraph(QTextCharFormat())
                block = cursor.blockFormat()
                block.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, "100%")
                cursor.setBlockFormat(block)

    def _write_inline(self, token: Token) -> None:
        children = list(token.children or [])
        if token.meta.get("summary"):
            self._write_summary(children)
            return
        if token.level > self._written_from:
            children = [one.copy(type="hardbreak") if one.type == "softbreak" else one for one in children]
        font = self._look.heading_font(self._heading) if self._heading else self._look.font
        base = self._writer.plain_format(font)
        if self._quotes:
            base.setForeground(QColor(self._look.colors.muted))
        task = 0
        if self._lists and self._lists[-1].fresh and children and children[0].type == "text":
            done = _TASKS.get(children[0].content[:4])
            if done is not None:
                task = 2 if done else 1
                children[0] = children[0].copy(content=children[0].content[4:])
        self._writer.write(self._paragraph(base, task=task), children, base)

    def _write_summary(self, children: list[Token]) -> None:
        """Make the title of details: what they hold stands below it, beside a bar."""
        number = ""
        if self._lists and self._lists[-1].fresh:
            # The arrow stands where the mark of the item would, but its number is told.
            self._lists[-1].fresh = False
            number = f"{self._lists[-1].number}. " if self._lists[-1].ordered else ""
        document, words = title_document(children, self._writer, self._look, number)
        depth = self._details - 1
        self._pieces.append(
            FoldPiece(document, words, self._depth() - 1, self._expanded, depth, self._quotes)
        )

    def _write_note(self, words: str) -> None:
        """Write a line of our own, which looks like no part of the message."""
        base = self._writer.plain_format(self._look.small_font())
        base.setForeground(QColor(self._look.colors.muted))
        base.setFontItalic(True)
        self._paragraph(base).insertText(words, base)

    def _paragraph(
        self,
        base: QTextCharFormat,
        *,
        task: int = 0,
        centred: bool = False,
    ) -> QTextCursor:
        """Begin a paragraph and return the cursor in it."""
        block = QTextBlockFormat()
        block.setLineHeight(LINE_HEIGHT if not self._heading else 120, 1)
        first = self._cursor is None
        if self._cursor is None:
            document = SafeDocument(self._look)
            self._pieces.append(TextPiece(document, depth=self._details))
            self._cursor = QTextCursor(document)
            self._cursor.beginEditBlock()
            self._decorated = False
        else:
            block.setTopMargin(self._gap())
        if bars := self._quotes + self._details:
            # In a list the words stand under the title of their fold, and no bar can be beside them.
            drawn = self._quotes if self._lists else bars
            self._decorated |= drawn > 0
            block.setProperty(QTextFormat.Property.BlockQuoteLevel, drawn)
            block.setLeftMargin(bars * self._look.em * 1.2)
        if centred:
            block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        current = self._lists[-1] if self._lists else None
        if task and current is not None:
            current.fresh = False
            self._decorated = True
            block.setProperty(TASK_PROPERTY, task)
        if current is not None and not current.fresh:
            block.setIndent(len(self._lists))
        if first:
            self._cursor.setBlockFormat(block)
            self._cursor.setBlockCharFormat(base)
        else:
            self._cursor.insertBlock(block, base)
        if current is not None and current.fresh:
            self._begin_item(current)
        elif self._cursor.currentList() is not None:
            self._cursor.currentList().remove(self._cursor.block())
            self._cursor.setBlockFormat(block)
        return self._cursor

    def _begin_item(self, current: _List) -> None:
        # Each item is a list of its own: it keeps its number when code stands between it and the last one.
        current.fresh = False
        shape = QTextListFormat()
        shape.setIndent(len(self._lists))
        if current.ordered:
            shape.setStyle(QTextListFormat.Style.ListDecimal)
            shape.setStart(current.number)
        else:
            # Qt's own disc is large and touches the text: the view draws a smaller one.
            shape.setStyle(QTextListFormat.Style.ListStyleUndefined)
        assert self._cursor is not None
        self._cursor.createList(shape)
        if not current.ordered:
            self._decorated = True
            bullet = QTextBlockFormat()
            bullet.setProperty(BULLET_PROPERTY, len(self._lists))
            self._cursor.mergeBlockFormat(bullet)

    def _gap(self) -> float:
        """Return the space above the next paragraph, in pixels."""
        em = self._look.em
        if self._heading:
            return em * 1.1
        if self._lists:
            return em * (0.22 if self._tight else 0.45)
        return em * 0.7

    def _depth(self) -> int:
        return len(self._lists) + self._quotes + self._details

    def _finish_text(self) -> None:
        if self._cursor is None:
            return
        self._cursor.endEditBlock()
        self._cursor = None
        piece = self._pieces[-1]
        if isinstance(piece, TextPiece):
            piece.waiting = set(self._writer.waiting)
            piece.decorated = self._decorated
        self._writer.waiting.clear()
