"""A block of code: language, Copy, colours, and as many lines as anyone reads at once."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.chunk_frame import ChunkFrame
from chatbot_app.ui.chat.highlighting import (
    Span,
    apply_spans,
    can_highlight,
    is_loaded,
    load_lexer,
    loaded_lexer,
    spans,
)
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.show_all import ShowAllButton
from chatbot_app.ui.chat.text_view import SafeDocument, TextView

LINES_A_CHUNK = 60
CHARACTERS_A_CHUNK = 8_000
LINES_SHOWN = 1_500
LINE_SHOWN = 2_000  # characters of one line; a longer one goes on in the next row
CHARACTERS_SHOWN = 120_000
COPIED_MS = 1_600


class CodeView(ChunkFrame):
    """Shows code that may still grow; only its last chunk is drawn again."""

    size_changed = Signal()  # more lines are shown

    def __init__(self, look: Look, idle: IdleWork, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._idle = idle
        self._code = ""
        self._language = ""
        self._closed = False
        self._all = False
        self._starts: list[int] = []  # where in the code each chunk begins
        self._wide = 0
        self._char_width = QFontMetricsF(look.code_font).horizontalAdvance("x")
        self.header_height = look.px(2.1)
        words = QCoreApplication.translate("CodeView", "Copy")
        self._copy = ChatButton(look, "copy", words, "copy_code_button", self, caption=words)
        self._copy.clicked.connect(self._copy_code)
        self._more: ShowAllButton | None = None  # made where it is needed: most code is short
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COPIED_MS)
        self._timer.timeout.connect(self._offer_copy)

    @property
    def code(self) -> str:
        """The whole code, also where only its beginning is shown."""
        return self._code

    def set_code(self, code: str, language: str, *, closed: bool) -> None:
        """Show code; what it begins with in common with the code shown before stays as it is."""
        if not code.startswith(self._code) or language != self._language:
            for chunk in self.chunks:
                chunk.hide()
                chunk.deleteLater()
            self.chunks.clear()
            self._starts.clear()
            self._wide = 0
        if language != self._language and not is_loaded(language):
            self._idle.add(self._colour_all(), self)
        self._code = code
        self._language = language
        self._show_lines()
        if closed and not self._closed and len(self.chunks) > 1 and can_highlight(code):
            self._idle.add(self._colour_all(), self)
        self._closed = closed

    def content_width(self, available: int) -> int:
        return self._wide

    def height_for(self, width: int) -> int:
        height = super().height_for(width)
        size = self._copy.sizeHint()
        self._copy.setGeometry(
            width - size.width() - self.padding // 2,
            (self.header_height - size.height()) // 2 + 1,
            size.width(),
            size.height(),
        )
        if self._more is not None:
            self._more.place(self.padding, height - self.footer_height)
        return height

    # --- lines ---------------------------------------------------------------------------------------

    def _show_lines(self) -> None:
        if not self._all and (len(self.chunks) - 1) * LINES_A_CHUNK >= LINES_SHOWN:
            self._offer_more()
            return
        start = self._starts[-1] if self._starts else 0
        for position, (text, offset) in enumerate(self._chunks_from(start)):
            if position or not self.chunks:
                self.add_chunk(TextView(self.look))
                self._starts.append(offset)
            self._fill(self.chunks[-1], text)
        self._offer_more()

    def _chunks_from(self, start: int) -> Iterator[tuple[str, int]]:
        lines: list[str] = []
        length = 0
        offset = at = start
        limit = len(self._code) if self._all else min(len(self._code), CHARACTERS_SHOWN)
        count = len(self._starts[:-1]) * LINES_A_CHUNK
        whole = self._all
        while at <= limit:
            end = self._code.find("\n", at)
            end = len(self._code) if end < 0 else end
            stop = min(end, at + LINE_SHOWN)
            lines.append(self._code[at:stop])
            length += stop - at
            count += 1
            # A long line goes on in the next row; only a line break is left out.
            at = stop + 1 if stop == end else stop
            full = len(lines) >= LINES_A_CHUNK or length >= CHARACTERS_A_CHUNK
            if full and (at <= limit and (whole or count < LINES_SHOWN)):
                yield "\n".join(lines), offset
                lines, length, offset = [], 0, at
            if not whole and count >= LINES_SHOWN:
                break
        if lines or not self.chunks:
            yield "\n".join(lines), offset

    def _fill(self, chunk: TextView, text: str) -> None:
        document = SafeDocument(self.look, wrap=False)
        document.setDefaultFont(self.look.code_font)
        cursor = QTextCursor(document)
        block = QTextBlockFormat()
        block.setLineHeight(126, 1)
        cursor.setBlockFormat(block)
        cursor.insertText(text)
        if (
            len(self._code) <= CHARACTERS_SHOWN
            and (lexer := loaded_lexer(self._language))
            and can_highlight(text)
        ):
            apply_spans(document, spans(text, lexer, self.look.colors))
        chunk.set_document(document)
        # Tabs and wide characters make a line wider than its length says: those are measured.
        if text.isascii() and "\t" not in text:
            width = round(max(map(len, text.split("\n"))) * self._char_width) + 2
        else:
            width = chunk.ideal_width() + 2
        self._wide = max(self._wide, width)

    def _colour_all(self) -> Iterator[None]:
        """Colour again from the first line on: a chunk does not know the string that it begins in."""
        if not is_loaded(self._language):
            yield from load_lexer(self._language)
        lexer = loaded_lexer(self._language)
        if lexer is None or not can_highlight(self._code):
            return
        code, starts = self._code, [*self._starts, len(self._code) + 1]
        found: list[Span] = []
        chunk = 0
        for step, span in enumerate(spans(code, lexer, self.look.colors)):
            while chunk < len(self.chunks) and span[0] >= starts[chunk + 1]:
                self._recolour(chunk, found, starts)
                found = [one for one in found if one[0] + one[1] > starts[chunk + 1]]
                chunk += 1
                yield
            found.append(span)
            if step % 100 == 99:
                yield
        while chunk < len(self.chunks):
            self._recolour(chunk, found, starts)
            chunk += 1
            yield

    def _recolour(self, chunk: int, found: list[Span], starts: list[int]) -> None:
        if chunk >= len(self.chunks) or starts[chunk] != self._starts[chunk]:
            return  # other code is shown by now
        first, last = starts[chunk], starts[chunk + 1]
        local = [
            (max(start - first, 0), min(start + length, last) - max(start, first), colour)
            for start, length, colour in found
            if start < last and start + length > first
        ]
        apply_spans(self.chunks[chunk].document, local)
        self.chunks[chunk].update()

    # --- buttons -------------------------------------------------------------------------------------

    def _offer_more(self) -> None:
        shown = self._shown_end()
        words = ""
        if not self._all and shown < len(self._code):
            hidden = self._code.count("\n", shown)
            words = QCoreApplication.translate("CodeView", "Show all ({count} more lines)")
            words = words.format(count=f"{hidden:,}")
        if words and self._more is None:
            self._more = ShowAllButton(self.look, self)
            self._more.clicked.connect(self._show_all)
        if self._more is not None:
            self.footer_height = self._more.offer(words)

    def _shown_end(self) -> int:
        if not self.chunks:
            return 0
        return self._starts[-1] + self.chunks[-1].last_position()

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self._offer_more()
        self._idle.add(self._show_rest(), self)

    def _show_rest(self) -> Iterator[None]:
        start = self._starts[-1] if self._starts else 0
        for position, (text, offset) in enumerate(list(self._chunks_from(start))):
            if position:
                self.add_chunk(TextView(self.look))
                self._starts.append(offset)
            self._fill(self.chunks[-1], text)
            if position % 50 == 49:
                self.size_changed.emit()
            yield
        self.size_changed.emit()

    @Slot()
    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self._copy.set_icon("check")
        self._copy.set_words(QCoreApplication.translate("CodeView", "Copied"))
        self._timer.start()

    @Slot()
    def _offer_copy(self) -> None:
        self._copy.set_icon("copy")
        self._copy.set_words(QCoreApplication.translate("CodeView", "Copy"))

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(self.look.small_font())
        painter.setPen(QColor(self.look.colors.muted))
        area = QRectF(self.padding, 0, self.width() - 2 * self.padding, self.header_height)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(area, flags, self._language or QCoreApplication.translate("CodeView", "text"))
        y = self.header_height
        painter.fillRect(1, y, self.width() - 2, 1, QColor(self.look.colors.border))
