"""The mouse over the text of a message: links, sources, footnotes, what is known of a sentence, selecting."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QWidget

from chatbot_app.core.footnotes import footnote_of
from chatbot_app.core.trust import Check
from chatbot_app.ui.chat.body_blocks import BodyBlocks
from chatbot_app.ui.chat.citation_marks import source_of
from chatbot_app.ui.chat.links import is_web_address, tooltip_of
from chatbot_app.ui.chat.selection import TextSelection
from chatbot_app.ui.chat.statement_layer import StatementLayer

LONGEST_REASON = 1_000  # characters of what is said of a sentence under the mouse
LONGEST_SOURCE = 300


class BodyPointer:
    """Finds what is under a point of `area`, a message body."""

    def __init__(
        self, area: QWidget, blocks: BodyBlocks, selection: TextSelection, statements: StatementLayer
    ) -> None:
        self._area = area
        self._blocks = blocks
        self._selection = selection
        self._statements = statements
        self._pressed_link = ""

    def link_at(self, point: QPoint) -> str:
        """Return the target of the link under a point, or ""."""
        view = self._selection.view_at(self._blocks.text_views(), point)
        return view.link_at(view.mapFrom(self._area, point)) if view is not None else ""

    def words_at(self, point: QPoint, link: str) -> str:
        """Return what a tooltip says at a point, where there is a link or "", as rich text; "" for nothing."""
        return self._words_of(link) if link else self._reason_at(point)

    def press(self, point: QPoint) -> None:
        """The button goes down."""
        self._pressed_link = self.link_at(point)

    def release(self, point: QPoint) -> str:
        """The button goes up: return the target of the link that was clicked, or ""."""
        link, pressed = self.link_at(point), self._pressed_link
        self._pressed_link = ""
        return link if link == pressed and not self._selection.text() else ""

    def check_at(self, point: QPoint) -> Check | None:
        """Return the check of the sentence that a marker at a point stands with."""
        view = self._selection.view_at(self._blocks.text_views(), point)
        return self._statements.check_before(view, view.mapFrom(self._area, point)) if view else None

    def addresses(self) -> list[str]:
        """Return the web addresses of what is drawn, each once."""
        found: list[str] = []
        for view in self._blocks.text_views():
            block = view.document.begin()
            while block.isValid():
                for piece in block.textFormats():
                    address = piece.format.anchorHref()
                    if is_web_address(address) and address not in found:
                        found.append(address)
                block = block.next()
        return found

    def _reason_at(self, point: QPoint) -> str:
        view = self._selection.view_at(self._blocks.text_views(), point)
        words = self._statements.words_at(view, view.mapFrom(self._area, point)) if view is not None else ""
        return f"<p>{html.escape(words[:LONGEST_REASON])}</p>" if words else ""

    def _words_of(self, link: str) -> str:
        """Return what a tooltip says about a link, as rich text that shows names literally."""
        number = source_of(link)
        marker = self._blocks.markers.get(number) if number is not None else None
        if marker is None:
            return tooltip_of(self._footnote_words(link) or link)
        words = html.escape(marker.words[:LONGEST_SOURCE])
        if marker.added:
            note = QCoreApplication.translate("MessageBody", "Matched by the program, not cited by the model")
            words += f"<br><i>{html.escape(note)}</i>"
        return f"<p>{words}</p>"

    def _footnote_words(self, link: str) -> str:
        note = footnote_of(link)
        if note is None:
            return ""
        if not note[1]:
            return QCoreApplication.translate("MessageBody", "Back to the text")
        known = [one for one in self._blocks.references.values() if one.get("number") == note[0]]
        return str(known[0]["footnote"]) if known else ""
