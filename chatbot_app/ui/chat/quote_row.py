"""One sentence of a document, word for word, with the place where it stands."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from chatbot_app.core.source_files import is_source_file
from chatbot_app.core.text import shortened
from chatbot_app.core.trust import Quote
from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.places.snippet_text import code_of, snippet_of, words_of_quote
from chatbot_app.ui.chat.look import Look, sized
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.wrapped_text import WrappedText
from chatbot_app.ui.knowledge.field_words import date_shown, fields_line
from chatbot_app.ui.menus import fresh_menu

_LONGEST_COMPANY = 40  # characters
_MOST_LINES = 9  # of one quote; the rest is read at its place
_MOST_LINES_OF_CODE = 14  # which are short


def place_of(quote: Quote) -> str:
    """Return title, company and period where the title does not say them, page and heading of a quote on one line."""
    title = " ".join(visible_text(quote.document).split())
    parts = [title]
    company = " ".join(visible_text(quote.fields.company).split())
    names = [company.split()[0].strip(",;.") if company else "", *quote.fields.aliases]
    if company and not any(name and name.casefold() in title.casefold() for name in names):
        parts.append(shortened(company, _LONGEST_COMPANY))
    if quote.when:
        parts.append(date_shown(quote.when) if quote.when == quote.fields.date else visible_text(quote.when))
    if quote.page is not None:
        words = QCoreApplication.translate("QuoteRow", "page {page}")
        parts.append(words.format(page=quote.page))
    headings = quote.heading.split(" › ")
    heading = snippet_of(headings[-1], quote.path)
    # "Features" is said of which version by the heading above it.
    if len(headings) > 1 and " " not in heading and (above := snippet_of(headings[-2], quote.path)) != title:
        heading = f"{above} › {heading}"
    if heading and heading.casefold() != title.casefold():
        parts.append(heading)
    return "  ·  ".join(parts)


def _is_code(quote: Quote) -> bool:
    return is_source_file(Path(quote.path).name)


class QuoteRow(PaintedButton):
    """A click, Enter or Space opens the quote at its place; Ctrl+C copies it."""

    def __init__(
        self, look: Look, actions: TranscriptActions, quote: Quote, number: int, parent: QWidget
    ) -> None:
        super().__init__(look, "quote_row", parent)
        self._actions = actions
        self.quote = quote
        is_code = _is_code(quote)
        words = code_of(quote.text) if is_code else words_of_quote(quote)
        font = look.code_font if is_code else look.font
        most_lines = _MOST_LINES_OF_CODE if is_code else _MOST_LINES
        self._text = WrappedText(words, font, most_lines=most_lines)
        self._place = place_of(quote)
        self.setAccessibleName(
            self.tr("Quote {number}: {text}").format(number=number, text=self._text.text[:600])
        )
        self.setAccessibleDescription(self.tr("From {place}. Opens at its place.").format(place=self._place))
        fields = fields_line(quote.fields)
        opens = self.tr("Show it at its place in the document")
        self.setToolTip(f"<p>{escape(fields)}<br>{escape(opens)}</p>" if fields else opens)
        self.clicked.connect(self._open)

    def text(self) -> str:
        """Return the words that are shown."""
        return self._text.text

    def place(self) -> str:
        """Return where the words stand, as it is shown."""
        return self._place

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels."""
        look = self._look
        return self._text.height_for(width - look.px(1.5)) + look.px(2.3)

    @Slot()
    def _open(self) -> None:
        self._actions.source_activated.emit(self.quote)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"“{self._text.text}”\n{self._place}")

    # --- Qt ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = fresh_menu(self, "quote_menu")
        menu.addAction(self.tr("Show at its place"), self._open)
        menu.addAction(self.tr("Copy quote"), self._copy)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = self.smooth_painter()
        self.draw_ground(painter)
        self.draw_focus(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shown.accent))
        bar = max(2, look.px(0.2))
        text_height = self._text.height_for(self.width() - look.px(1.5))
        top = look.em * 0.4
        edge = look.em * 0.35
        x = self.width() - edge - bar if self._text.is_rtl else edge
        painter.drawRoundedRect(QRectF(x, top, bar, self.height() - 2 * top), 1, 1)
        left = look.em * (0.5 if self._text.is_rtl else 1.0)
        self._text.paint(painter, left, look.em * 0.35, shown.text)
        small = sized(look.font, 0.86, QFont.Weight.Medium)
        painter.setFont(small)
        painter.setPen(QColor(shown.link))
        area = QRectF(left, text_height + look.em * 0.45, self.width() - look.px(1.5), look.em * 1.4)
        words = QFontMetricsF(small).elidedText(self._place, Qt.TextElideMode.ElideMiddle, area.width())
        side = Qt.AlignmentFlag.AlignRight if self._text.is_rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | side), words)
