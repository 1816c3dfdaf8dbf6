"""One widget for one block of Markdown; all of them measure themselves for a width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.ui.chat.code_view import CodeView
from chatbot_app.ui.chat.document_builder import DocumentBuilder
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.fold_view import EVERY, FoldStates, FoldView, is_open, shown_in_folds
from chatbot_app.ui.chat.inline_writer import InlineWriter
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.pieces import CodePiece, FoldPiece, Piece, TablePiece, TextPiece
from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.ui.chat.simple_documents import literal_document, title_document
from chatbot_app.ui.chat.table_view import TableView
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.workers.formulas import Formula

Shown = TextView | CodeView | TableView | FoldView


class BlockView(QWidget):
    """Draws a block of any kind as views below each other, usually one."""

    size_changed = Signal()  # its height for the same width is another one
    fold_toggled = Signal()  # of a block that is the title of a fold

    def __init__(self, drawing: Drawing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._block: MarkdownBlock | None = None
        self._references: dict[str, Any] = {}
        self._views: list[tuple[Shown, int]] = []  # view, indent
        self._depths: list[int] = []  # how many folds of the block each view stands in
        self.folds: FoldStates = {}  # its owner's, who keeps it when this goes
        self.waiting: set[Formula] = set()
        self._width = -1
        self._height = 0
        self.dimmed = False
        self.setMouseTracking(True)

    @property
    def block(self) -> MarkdownBlock | None:
        """The block that is drawn."""
        return self._block

    @property
    def views(self) -> list[Shown]:
        """What it is shown as, from top to bottom."""
        return [view for view, _ in self._views]

    def text_views(self) -> list[TextView]:
        """Return what can be selected, from the top."""
        found: list[TextView] = []
        for view, _ in self._views:
            if isinstance(view, TextView):
                found.append(view)
            elif isinstance(view, FoldView):
                found.append(view.title)
            elif isinstance(view, CodeView | TableView):
                found.extend(view.text_views())
        return found

    def open_folds(self) -> None:
        """Open every fold of this block."""
        self.folds.clear()
        self.folds[EVERY] = True
        self._show_folds()

    def set_block(self, block: MarkdownBlock, references: dict[str, Any]) -> None:
        """Draw another block, keeping the views that fit it."""
        if block == self._block and references == self._references:
            return
        self._block = block
        self._references = dict(references)
        self._draw()

    def waits_for(self, formulas: frozenset[Formula]) -> bool:
        """Whether any of these formulas stands here as its source until it is drawn."""
        return bool(formulas & self.waiting) or any(table.waits_for(formulas) for table in self._tables())

    def redraw_for(self, formulas: frozenset[Formula]) -> Iterator[None]:
        """Draw again what waited for any of these formulas, yielding after each step."""
        if formulas & self.waiting:
            self._draw()
            yield
        for table in self._tables():
            while isValid(table) and table.redraw_some(formulas):
                self._width = -1
                yield

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw weaker, as something that the model no longer sees."""
        self.dimmed = dimmed
        for view in self.text_views():
            view.dimmed = dimmed
            view.repaint_later()
        self.update()

    def height_for(self, width: int) -> int:
        """Lay out for a width, if it or the block changed, and return the height."""
        if width == self._width:
            return self._height
        self._width = width
        look = self._drawing.look
        y = 0
        shown = shown_in_folds(
            (depth, view.is_open if isinstance(view, FoldView) else None)
            for (view, _), depth in zip(self._views, self._depths, strict=True)
        )
        for (view, indent), seen in zip(self._views, shown, strict=True):
            if view.isHidden() is seen:
                view.setVisible(seen)
            if not seen:
                continue
            if y:
                y += look.px(0.6)
            left = round(indent * look.em * 1.7)
            y = put(view, left, y, width - left)
        if self._block is not None and self._block.name == "rule":
            y = look.px(1.2)
        self._height = y
        return y

    def invalidate(self) -> None:
        """Lay out again at the next `height_for`."""
        self._width = -1

    # --- drawing -------------------------------------------------------------------------------------

    def _draw(self) -> None:
        block = self._block
        assert block is not None
        self._width = -1
        self.waiting = set()
        match block.kind:
            case MarkdownKind.FOLD:
                self._show([self._title_piece(block)])
            case MarkdownKind.CODE:
                code = self._view(0, CodeView, 0)
                code.set_code(block.source, block.language, closed=block.closed)
                self._drop_views(1)
            case MarkdownKind.TABLE:
                table = self._view(0, TableView, 0)
                table.set_source(block.source, self._references, closed=block.closed)
                self._drop_views(1)
            case MarkdownKind.MATH:
                self._show([self._formula_piece(block.source)])
            case MarkdownKind.PLAIN:
                self._show([TextPiece(literal_document(block.source, self._drawing.look, _note_of(block)))])
            case _ if block.name == "rule":
                self._drop_views(0)
            case _:
                drawing = self._drawing
                builder = DocumentBuilder(drawing.parser, drawing.look, drawing.renderer, drawing.budget)
                self._show(builder.build(block.source, self._references, block.number))
        if self.dimmed:
            self.set_dimmed(True)

    def _show(self, pieces: list[Piece]) -> None:
        folds = 0
        for position, piece in enumerate(pieces):
            if isinstance(piece, TextPiece):
                text = self._view(position, TextView, 0)
                text.decorated = piece.decorated
                text.set_document(piece.document)
                self.waiting |= piece.waiting
            elif isinstance(piece, CodePiece):
                code = self._view(position, CodeView, piece.indent)
                code.set_code(piece.code, piece.language, closed=True)
            elif isinstance(piece, TablePiece):
                table = self._view(position, TableView, piece.indent)
                table.set_source(piece.source, self._references, closed=True)
            else:
                fold = self._view(position, FoldView, piece.indent)
                fold.number, fold.expanded, fold.quotes = folds, piece.expanded, piece.quotes
                fold.set_title(piece.document, piece.words)
                folds += 1
            self._depths[position] = piece.depth
        self._drop_views(len(pieces))
        if folds:
            self._show_folds()

    def _show_folds(self) -> None:
        for view, _ in self._views:
            if isinstance(view, FoldView):
                view.set_open(is_open(self.folds, view.number, expanded=view.expanded))
        self._width = -1

    @Slot(bool)
    def _toggle_fold(self, opened: bool) -> None:
        fold = self.sender()
        if isinstance(fold, FoldView):
            self.folds[fold.number] = opened
        if self._block is not None and self._block.kind is MarkdownKind.FOLD:
            self.fold_toggled.emit()
        else:
            self._grow()

    def _title_piece(self, block: MarkdownBlock) -> FoldPiece:
        drawing = self._drawing
        writer = InlineWriter(drawing.look, drawing.renderer, drawing.budget)
        inline = drawing.parser.parseInline(block.source, {"references": dict(self._references)})
        children = [child for token in inline for child in token.children or []]
        document, words = title_document(children, writer, drawing.look)
        self.waiting |= writer.waiting
        return FoldPiece(document, words, 0, block.expanded)

    def _formula_piece(self, tex: str) -> TextPiece:
        look = self._drawing.look
        document = SafeDocument(look)
        cursor = QTextCursor(document)
        shape = QTextBlockFormat()
        shape.setTopMargin(look.em * 0.25)
        shape.setBottomMargin(look.em * 0.25)
        writer = InlineWriter(look, self._drawing.renderer, self._drawing.budget)
        cursor.setBlockFormat(shape)
        writer.write_formula(cursor, tex, True, writer.plain_format(), f"$$\n{tex}\n$$")
        if cursor.charFormat().isImageFormat():
            shape.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            cursor.setBlockFormat(shape)
        return TextPiece(document, set(writer.waiting))

    def _tables(self) -> list[TableView]:
        return [view for view, _ in self._views if isinstance(view, TableView)]

    def _view(self, position: int, kind: type, indent: int) -> Any:
        """Return the view at a position, made anew if it is of another kind."""
        if position < len(self._views) and type(self._views[position][0]) is kind:
            self._views[position] = (self._views[position][0], indent)
            self._depths[position] = 0
            return self._views[position][0]
        self._drop_views(position)
        drawing = self._drawing
        view: Shown
        if kind is CodeView:
            view = CodeView(drawing.look, drawing.idle, self)
            view.size_changed.connect(self._grow)
        elif kind is TableView:
            view = TableView(
                drawing.look, drawing.parser, drawing.renderer, drawing.budget, drawing.idle, self
            )
            view.size_changed.connect(self._grow)
        elif kind is FoldView:
            view = FoldView(drawing.look, self)
            view.toggled.connect(self._toggle_fold)
        else:
            view = TextView(drawing.look, self)
        view.show()
        self._views.append((view, indent))
        self._depths.append(0)
        return view

    def _drop_views(self, first: int) -> None:
        for view, _ in self._views[first:]:
            view.hide()
            view.deleteLater()
        del self._views[first:]
        del self._depths[first:]

    @Slot()
    def _grow(self) -> None:
        self._width = -1
        self.size_changed.emit()

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._block is None:
            return
        look = self._drawing.look
        line = QColor(look.colors.border)
        painter = QPainter(self)
        if self._block.name == "rule":
            painter.fillRect(0, self.height() // 2, self.width(), 1, line)
        for view, _ in self._views:
            if isinstance(view, FoldView) and view.quotes and not view.isHidden():
                above = look.px(0.6) if view.y() else 0
                for depth in range(view.quotes):
                    left, thick = depth * look.em * 1.2, max(2, look.px(0.2))
                    painter.fillRect(QRectF(left, view.y() - above, thick, view.height() + above), line)


def _note_of(block: MarkdownBlock) -> str:
    """Return what is said above a block that is shown as it is written, "" where that needs no words."""
    if block.name != "table" or block.continued:
        return ""
    return QCoreApplication.translate("BlockView", "A table of too many columns, as it is written:")
