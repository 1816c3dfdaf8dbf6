"""A block of code: language, Copy, colours, and as many lines as anyone reads at once."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

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
from chatbot_app.ui.chat.code_chunks import LINES_A_CHUNK, chunks_from
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
from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.ui.chat.show_all import ShowAllOffer
from chatbot_app.ui.chat.text_view import TextView

CHUNKS_A_STEP = 2  # the rest follows in idle time
LINES_SHOWN = 1_500
LINES_MORE = 6_000  # that each click shows
CHARACTERS_SHOWN = 120_000
CHARACTERS_MORE = 400_000
SPANS_AT_ONCE = 600  # coloured ranges of a chunk while it is filled; more are coloured in idle time
COLOUR_SECONDS = 0.006  # of the thread, for the same
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
        self._lines_most, self._characters_most = LINES_SHOWN, CHARACTERS_SHOWN
        self._next = 0  # where in the code the chunk after the last begins
        self._is_partly_coloured = False
        self._is_filling = False  # more chunks follow in idle time
        self._starts: list[int] = []  # where in the code each chunk begins
        self._wide = 0
        self._char_width = QFontMetricsF(look.code_font).horizontalAdvance("x")
        self.header_height = look.px(2.1)
        words = QCoreApplication.translate("CodeView", "Copy")
        self._copy = ChatButton(look, "copy", words, "copy_code_button", self, caption=words)
        self._copy.clicked.connect(self._copy_code)
        self._more = ShowAllOffer(look, self, self._show_all)
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
            self._wide = self._next = 0
        if language != self._language and not is_loaded(language):
            self._idle.add(self._colour_all(), self)
        self._code = code
        self._language = language
        self._show_lines()
        is_rough = len(self.chunks) > 1 or self._is_partly_coloured
        if closed and not self._closed and is_rough and can_highlight(code):
            self._idle.add(self._colour_all(), self)
        self._closed = closed

    def content_width(self, available: int) -> int:
        """Return how wide its longest line is, in pixels."""
        return self._wide

    def height_for(self, width: int) -> int:
        """Place the parts for a width and return the height."""
        height = super().height_for(width)
        size = self._copy.sizeHint()
        self._copy.setGeometry(
            width - size.width() - self.padding // 2,
            (self.header_height - size.height()) // 2 + 1,
            size.width(),
            size.height(),
        )
        self._more.place(self.padding, height - self.footer_height)
        return height

    # --- lines ---------------------------------------------------------------------------------------

    def _show_lines(self) -> None:
        """Fill the last chunk again and the first one behind it; the rest follows in idle time."""
        if not self._is_filling:
            start = self._starts[-1] if self._starts else 0
            for position, chunk in enumerate(islice(self._chunks_from(start), CHUNKS_A_STEP)):
                self._put(chunk, is_new=bool(position) or not self.chunks)
            if self._wants_more_chunks():
                self._is_filling = True
                self._idle.add(self._fill_rest(), self)
        self._offer_more()

    def _put(self, chunk: tuple[str, int, int], *, is_new: bool) -> None:
        text, start, self._next = chunk
        if is_new:
            self.add_chunk(TextView(self.look))
            self._starts.append(start)
        # A row of a broken line says nothing to a lexer.
        whole = len(text) < self._next - start and (not start or self._code[start - 1] == "\n")
        self._fill(self.chunks[-1], text, colours=whole)

    def _wants_more_chunks(self) -> bool:
        end = min(len(self._code), self._characters_most)
        return self._next <= end and len(self.chunks) * LINES_A_CHUNK < self._lines_most

    def _fill_rest(self) -> Iterator[None]:
        while self._wants_more_chunks():
            self._put(next(self._chunks_from(self._next)), is_new=True)
            if len(self.chunks) < 30 or len(self.chunks) % 16 == 0:
                self._offer_more()
                self.size_changed.emit()
            yield
        self._is_filling = False
        self._show_lines()  # what arrived meanwhile
        self.size_changed.emit()

    def _chunks_from(self, start: int) -> Iterator[tuple[str, int, int]]:
        return chunks_from(
            self._code,
            start,
            limit=min(len(self._code), self._characters_most),
            lines_before=bisect_left(self._starts, start) * LINES_A_CHUNK,
            lines_most=self._lines_most,
            is_first=not self.chunks,
        )

    def _fill(self, chunk: TextView, text: str, *, colours: bool) -> None:
        document = SafeDocument(self.look, wrap=False)
        document.setDefaultFont(self.look.code_font)
        cursor = QTextCursor(document)
        block = QTextBlockFormat()
        block.setLineHeight(126, 1)
        cursor.setBlockFormat(block)
        cursor.insertText(text)
        if (
            colours
            and len(self._code) <= CHARACTERS_SHOWN
            and (lexer := loaded_lexer(self._language))
            and can_highlight(text)
        ):
            apply_spans(document, self._first_spans(spans(text, lexer, self.look.colors)))
        chunk.set_document(document)
        # Tabs and wide characters make a line wider than its length says: those are measured.
        if text.isascii() and "\t" not in text:
            width = round(max(map(len, text.split("\n"))) * self._char_width) + 2
        else:
            width = chunk.ideal_width() + 2
        self._wide = max(self._wide, width)

    def _first_spans(self, found: Iterator[Span]) -> Iterator[Span]:
        """Yield what can be coloured at once; the rest is coloured in idle time when the code is complete."""
        end = time.thread_time() + COLOUR_SECONDS
        coloured = 0
        for span in found:
            yield span
            coloured += bool(span[2])
            if coloured >= SPANS_AT_ONCE or time.thread_time() > end:
                self._is_partly_coloured = True
                return

    def _colour_all(self) -> Iterator[None]:
        """Colour again from the first line on: a chunk does not know the string that it begins in."""
        if not is_loaded(self._language):
            yield from load_lexer(self._language)
        lexer = loaded_lexer(self._language)
        if lexer is None or not can_highlight(self._code):
            return
        code, starts = self._code, [*self._starts, len(self._code) + 1]
        count = len(starts) - 1  # chunks; more may follow meanwhile
        found: list[Span] = []
        chunk = 0
        for step, span in enumerate(spans(code, lexer, self.look.colors)):
            while chunk < count and span[0] >= starts[chunk + 1]:
                self._recolour(chunk, found, starts)
                found = [one for one in found if one[0] + one[1] > starts[chunk + 1]]
                chunk += 1
                yield
            if span[2]:
                found.append(span)
            if step % 100 == 99:
                yield
        while chunk < count:
            self._recolour(chunk, found, starts)
            chunk += 1
            yield

    def _recolour(self, chunk: int, found: list[Span], starts: list[int]) -> None:
        if chunk >= len(self._starts) or starts[chunk] != self._starts[chunk]:
            return  # other code is shown by now
        first, last = starts[chunk], starts[chunk + 1]
        local = [
            (max(start - first, 0), min(start + length, last) - max(start, first), colour)
            for start, length, colour in found
            if start < last and start + length > first
        ]
        apply_spans(self.chunks[chunk].document, local)
        self.chunks[chunk].repaint_later()

    # --- buttons -------------------------------------------------------------------------------------

    def _offer_more(self) -> None:
        words = ""
        if self._next <= len(self._code) and not self._wants_more_chunks():
            hidden = self._code.count("\n", self._next - 1)
            words = QCoreApplication.translate("CodeView", "Show all ({count} more lines)")
            if hidden > LINES_MORE:
                words = QCoreApplication.translate("CodeView", "Show more ({count} more lines)")
            words = words.format(count=f"{hidden:,}")
        self.footer_height = self._more.offer(words)

    @Slot()
    def _show_all(self) -> None:
        self._lines_most = len(self.chunks) * LINES_A_CHUNK + LINES_MORE
        self._characters_most = self._next + CHARACTERS_MORE
        self._show_lines()
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
