"""The mouse over the text of a message: links, sources, footnotes, what is known of a sentence, selecting."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QToolTip, QWidget

from chatbot_app.core.footnotes import footnote_of
from chatbot_app.core.trust import Check
from chatbot_app.ui.chat.body_blocks import BodyBlocks
from chatbot_app.ui.chat.citation_marks import source_of
from chatbot_app.ui.chat.links import is_web_address, tooltip_of
from chatbot_app.ui.chat.selection import TextSelection
from chatbot_app.ui.chat.statement_layer import StatementLayer

LONGEST_REASON = 1_000  # characters of what is said of a sentence under the mouse
LONGEST_SOURCE = 300


class BodyPointer(QObject):
    """Selects in `area`, a message body, follows what is clicked there, and says what is under the mouse."""

    link_activated = Signal(str)  # an http(s) address
    source_activated = Signal(int, object)  # number of a source, and the Check that its marker stands with
    footnote_activated = Signal(int, bool)  # its number, and whether its note is meant, else what mentions it

    def __init__(
        self, area: QWidget, blocks: BodyBlocks, selection: TextSelection, statements: StatementLayer
    ) -> None:
        super().__init__(area)
        self._area = area
        self._blocks = blocks
        self._selection = selection
        self._statements = statements
        self._pressed_link = ""

    def press(self, event: QMouseEvent) -> None:
        """A button goes down: a selection begins, or grows with Shift."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        point = event.position().toPoint()
        self._pressed_link = self._link_at(point)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selection.extend(point)
        else:
            self._selection.begin(self._blocks.text_views(), point)
        if (owner := self._area.parentWidget()) is not None:
            owner.setFocus(Qt.FocusReason.MouseFocusReason)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moves: the selection grows, or a tooltip says what is known of the place."""
        point = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._selection.extend(point)
            return
        link = self._link_at(point)
        self._area.setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor)
        if words := self._words_of(link) if link else self._reason_at(point):
            QToolTip.showText(event.globalPosition().toPoint(), words, self._area)
        else:
            QToolTip.hideText()

    def release(self, event: QMouseEvent) -> None:
        """A button goes up: a link is followed, what was selected can be pasted with the middle button."""
        point = event.position().toPoint()
        link, pressed = self._link_at(point), self._pressed_link
        self._pressed_link = ""
        if link and link == pressed and not self._selection.text():
            self._follow(link, point)
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and (text := self._selection.text()):
            clipboard.setText(text, clipboard.Mode.Selection)

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word under the mouse."""
        unit = QTextCursor.SelectionType.WordUnderCursor
        self._selection.select_unit(self._blocks.text_views(), event.position().toPoint(), unit)

    def _follow(self, link: str, point: QPoint) -> None:
        number = source_of(link)
        if number is not None:
            self.source_activated.emit(number, self._check_at(point))
        elif is_web_address(link):
            self.link_activated.emit(link)
        elif (note := footnote_of(link)) is not None:
            self.footnote_activated.emit(*note)

    def _link_at(self, point: QPoint) -> str:
        """Return the target of the link under a point, or ""."""
        view = self._selection.view_at(self._blocks.text_views(), point)
        return view.link_at(view.mapFrom(self._area, point)) if view is not None else ""

    def _check_at(self, point: QPoint) -> Check | None:
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
