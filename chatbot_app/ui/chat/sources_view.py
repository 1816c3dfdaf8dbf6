"""What an answer rests on, below it: numbered sources that open at their passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.core.citations import Citation, citations_of
from chatbot_app.core.trust import Check
from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.places.snippet_text import snippet_of
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.citation_marks import MarkedSource
from chatbot_app.ui.chat.look import Look, sized
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.chat.searched_words import searched_words
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.wrapped_text import WrappedText
from chatbot_app.ui.knowledge.field_words import fields_line

_SENTENCE_LINES = 2
_FIELDS_LINE = 1.35  # em
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)


def markers_of(citations: Sequence[Citation]) -> dict[int, MarkedSource]:
    """Return what the markers of an answer name, by number."""
    markers: dict[int, MarkedSource] = {}
    for citation in citations:
        known = markers.get(citation.number)
        added = citation.added and (known is None or known.added)
        markers[citation.number] = MarkedSource(words_of(citation), added)
    return markers


def words_of(citation: Citation) -> str:
    """Return title and page, or heading, of a source on one line."""
    title = " ".join(visible_text(citation.document).split())
    if citation.page is not None:
        words = QCoreApplication.translate("SourcesView", "{title}  ·  page {page}")
        return words.format(title=title, page=citation.page)
    for heading in reversed(citation.heading.split(" › ")):
        shown = snippet_of(heading, citation.path)
        if shown and shown.casefold() != title.casefold():
            return f"{title}  ·  {shown}"
    return title


def sentence_of(citation: Citation) -> str:
    """Return the sentence of a source that matched, on one line; the beginning of its passage where none is known."""
    start, end = citation.quote_start - citation.start, citation.quote_end - citation.start
    text = citation.text[start:end] if 0 <= start < end <= len(citation.text) else citation.text[:600]
    return snippet_of(text, citation.path, (citation.document, *citation.heading.split(" › ")))


def with_sentence(citation: Citation, check: Check | None) -> Citation:
    """Return a source with the sentence of it that a check found, where it has none of its own."""
    if check is None or citation.quote_end > citation.quote_start:
        return citation
    for span in check.spans:
        if span.number == citation.number and 0 <= span.start < span.end <= len(citation.text):
            start = citation.start + span.start
            return replace(citation, quote_start=start, quote_end=citation.start + span.end)
    return citation


class SourceRow(PaintedButton):
    """One source: number, title and place, and the sentence of it that matched."""

    def __init__(self, look: Look, citation: Citation, parent: QWidget) -> None:
        super().__init__(look, "source_row", parent)
        self.citation = citation
        self._title = words_of(citation)
        self._fields = fields_line(citation.fields)
        self._sentence = WrappedText(sentence_of(citation), look.small_font(), most_lines=_SENTENCE_LINES)
        self.setAccessibleName(
            self.tr("Source {number}: {title}").format(number=citation.number, title=self._title)
        )
        self.setAccessibleDescription(". ".join(part for part in (self._fields, self._sentence.text) if part))

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels."""
        look = self._look
        below = self._sentence.height_for(width - look.px(2.9)) if self._sentence.text else 0
        fields = look.px(_FIELDS_LINE) if self._fields else 0
        return look.px(1.75) + fields + below + look.px(0.25)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = self.smooth_painter()
        self.draw_ground(painter)
        self.draw_focus(painter)
        chip = QRectF(look.em * 0.45, look.em * 0.42, look.em * 1.35, look.em * 1.2)
        self._draw_number(painter, chip)
        left = chip.right() + look.em * 0.55
        font = sized(look.font, 0.95, QFont.Weight.DemiBold)
        area = QRectF(left, look.em * 0.2, self.width() - look.em * 0.5 - left, look.em * 1.6)
        painter.setFont(font)
        painter.setPen(QColor(shown.text))
        words = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, _LEFT, words)
        y = look.em * 1.75
        if self._fields:
            small = look.small_font()
            painter.setFont(small)
            painter.setPen(QColor(shown.text))
            area = QRectF(
                left, y - look.em * 0.1, self.width() - look.em * 0.5 - left, look.em * _FIELDS_LINE
            )
            words = QFontMetricsF(small).elidedText(self._fields, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, _LEFT, words)
            y += look.px(_FIELDS_LINE)
        self._sentence.height_for(self.width() - look.px(2.9))
        self._sentence.paint(painter, left, y, shown.muted)

    def _draw_number(self, painter: QPainter, chip: QRectF) -> None:
        look, shown = self._look, self._look.colors
        radius = look.em * 0.32
        if self.citation.added:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(shown.outline), 1, Qt.PenStyle.DotLine))
            ink = shown.muted
        else:
            painter.setBrush(QColor(shown.info_background))
            painter.setPen(Qt.PenStyle.NoPen)
            ink = shown.link
        painter.drawRoundedRect(chip, radius, radius)
        painter.setFont(sized(look.font, 0.8, QFont.Weight.DemiBold))
        painter.setPen(QColor(ink))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), str(self.citation.number))


class SourcesView(QWidget):
    """The sources of one answer, by number, and a way to see how they were found."""

    def __init__(
        self,
        look: Look,
        actions: TranscriptActions,
        message_id: str,
        metadata: Mapping[str, Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._message_id = message_id
        self._look = look
        self.setObjectName("sources_view")
        self._documents_at = 0  # where the line that names what was searched stands
        self.setAccessibleName(self.tr("Sources"))
        citations = self._citations = citations_of(metadata)
        self.markers = markers_of(citations)
        first: dict[int, Citation] = {}
        for citation in citations:
            known = first.get(citation.number)
            # The first with a sentence that matched.
            if known is None or (
                known.quote_end <= known.quote_start and citation.quote_end > citation.quote_start
            ):
                first[citation.number] = citation
        self.rows: list[SourceRow] = []
        for number in sorted(first):
            row = SourceRow(look, first[number], self)
            row.clicked.connect(self._activate)
            self.rows.append(row)
        all_added = bool(citations) and all(citation.added for citation in citations)
        self.heading = self.tr("Sources")
        self._note = self.tr("matched by the program, sentence by sentence") if all_added else ""
        retrieval = metadata.get("retrieval")
        search = retrieval if isinstance(retrieval, dict) else {}
        self._searched = str(search.get("searched") or "")
        self._documents = searched_words(metadata)
        self.setAccessibleDescription(self._documents)
        if not self.rows:
            shown = search.get("shown")
            self.heading = (
                self.tr("No source is cited")
                if isinstance(shown, int) and shown
                else self.tr("No passage of your documents was used")
            )
        words = self.tr("How they were found") if self.rows else self.tr("What was searched")
        self._inspect = ChatButton(look, "search", words, "inspect_retrieval_button", self, caption=words)
        self._inspect.setVisible(bool(self._searched))
        self._inspect.clicked.connect(self._ask)

    @staticmethod
    def has_anything(metadata: Mapping[str, Any]) -> bool:
        """Whether the documents were asked for an answer."""
        return bool(metadata.get("sources")) or isinstance(metadata.get("retrieval"), dict)

    def activate(self, number: int, check: Check | None = None) -> None:
        """Open the source that a marker names, at the sentence that supports the one it stands with."""
        same = [citation for citation in self._citations if citation.number == number]
        if not same:
            return
        near = [
            citation
            for citation in same
            if check is not None and citation.answer_start < check.end and check.start < citation.answer_end
        ]
        self._actions.source_activated.emit(with_sentence((near or same)[0], check))

    def height_for(self, width: int) -> int:
        """Place the rows for a width and return the height."""
        look = self._look
        hint = self._inspect.sizeHint()
        y = look.px(1.85)
        heading = QFontMetricsF(self.heading_font()).horizontalAdvance(self.heading) + look.em
        if self._inspect.isHidden() or heading + hint.width() <= width:
            self._inspect.setGeometry(width - hint.width(), 0, hint.width(), hint.height())
        else:  # below the words that it would cover
            self._inspect.setGeometry(0, y, min(hint.width(), width), hint.height())
            y += hint.height() + look.px(0.2)
        if self._documents:
            self._documents_at = y
            y += look.px(_FIELDS_LINE)
        for row in self.rows:
            y = put(row, 0, y, width) + look.px(0.05)
        return y

    def heading_font(self) -> QFont:
        """Return what `heading` is written in."""
        return sized(self._look.font, 0.88, QFont.Weight.DemiBold)

    @Slot()
    def _activate(self) -> None:
        row = self.sender()
        if isinstance(row, SourceRow):
            self._actions.source_activated.emit(row.citation)

    @Slot()
    def _ask(self) -> None:
        self._actions.inspection_requested.emit(self._message_id, self._searched)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, QColor(look.colors.border))
        font = self.heading_font()
        area = QRectF(look.em * 0.45, look.em * 0.1, self.width(), look.px(1.75))
        beside = not self._inspect.isHidden() and self._inspect.y() == 0
        area.setRight(self._inspect.x() - look.em * 0.5 if beside else self.width())
        self._draw_heading(painter, font, area, self.heading)
        if self._documents:
            small = look.small_font()
            line = QRectF(area.left(), self._documents_at, self.width() - area.left(), look.em * _FIELDS_LINE)
            painter.setFont(small)
            words = QFontMetricsF(small).elidedText(
                self._documents, Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, _LEFT, words)
        area.setLeft(area.left() + QFontMetricsF(font).horizontalAdvance(self.heading) + look.em * 0.6)
        if self._note and area.width() > look.em * 3:
            small = look.small_font()
            painter.setFont(small)
            words = QFontMetricsF(small).elidedText(self._note, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, _LEFT, words)

    def _draw_heading(self, painter: QPainter, font: QFont, area: QRectF, text: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(self._look.colors.muted))
        words = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, words)
