"""A passage in its document: the page with the passage marked, or the text around it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.messages import Notice
from chatbot_app.core.source_files import is_source_file
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.places.passage_opening import OpenedPassage, Remark
from chatbot_app.knowledge.places.pdf_pages import DrawnPage
from chatbot_app.knowledge.places.rendered_markdown import is_rendered, rendered_markdown
from chatbot_app.ui.chat.link_dialog import offer_link
from chatbot_app.ui.cut_label import CutLabel
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.knowledge.document_words import one_line
from chatbot_app.ui.knowledge.field_words import fields_line
from chatbot_app.ui.knowledge.page_bar import PageBar
from chatbot_app.ui.knowledge.page_view import PageView
from chatbot_app.ui.knowledge.passage_remarks import remarks_on
from chatbot_app.ui.knowledge.passage_text import PassageText
from chatbot_app.ui.knowledge.rendered_text import RenderedText
from chatbot_app.ui.theme import em, scale_font, set_look


class PassageViewer(QWidget):
    """Shows one passage; its neighbours and the original are asked for."""

    place_requested = Signal(str, object)  # document id, StoredPlace of another passage of it
    original_requested = Signal(object)  # Document
    page_requested = Signal(int)  # another page of the document that is shown
    detach_toggled = Signal(bool)  # into a window of its own, or back

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("passage_viewer")
        self.setAccessibleName(self.tr("Passage"))
        self._opened: OpenedPassage | None = None
        self._build()
        self._connect()
        self.clear()

    def _build(self) -> None:
        self._title = CutLabel(Qt.TextElideMode.ElideMiddle, self)
        self._title.setObjectName("passage_title")
        scale_font(self._title, 1.05, bold=True)
        self._place = CutLabel(Qt.TextElideMode.ElideMiddle, self)
        self._place.setObjectName("passage_place")
        set_look(self._place, "muted")
        self._fields = CutLabel(Qt.TextElideMode.ElideRight, self)
        self._fields.setObjectName("passage_fields")
        self._remark = QLabel(self)
        self._remark.setObjectName("passage_remark")
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._remark.setWordWrap(True)
        self._remark.setContentsMargins(em(self, 0.5), em(self, 0.3), em(self, 0.5), em(self, 0.3))
        set_look(self._remark, "notice-warning")
        self.previous_button = IconButton(
            "chevron-up", self.tr("Previous passage"), "previous_passage_button", self
        )
        self.next_button = IconButton("chevron-down", self.tr("Next passage"), "next_passage_button", self)
        self.open_button = QPushButton(self.tr("Open original"), self)
        self.open_button.setObjectName("open_original_button")
        self.detach_button = IconButton(
            "detach", self.tr("Show in a window of its own"), "detach_passage_button", self
        )
        self.detach_button.setCheckable(True)
        self.page_view = PageView(self)
        self.page_bar = PageBar(self.page_view, self)
        self.text_view = PassageText(self)
        self._empty = QLabel(self.tr("Click a source of an answer to see its passage here."), self)
        self._empty.setObjectName("passage_empty")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_look(self._empty, "muted")
        self._pages = QStackedWidget(self)
        self.rendered_view = RenderedText(self)
        self.source_button = QPushButton(self.tr("Source"), self)
        self.source_button.setObjectName("passage_source_button")
        self.source_button.setToolTip(self.tr("Show the text as it was written"))
        self.source_button.setCheckable(True)
        set_look(self.source_button, "quiet")
        for page in (self._empty, self.page_view, self.text_view, self.rendered_view):
            self._pages.addWidget(page)
        head = QHBoxLayout()
        head.setSpacing(em(self, 0.2))
        head.addWidget(self._title, 1)
        head.addStretch()  # where there is no title, the buttons stay at the edge
        head.addWidget(self.previous_button)
        head.addWidget(self.next_button)
        head.addWidget(self.open_button)
        head.addWidget(self.detach_button)
        column = QVBoxLayout(self)
        margin = em(self, 0.6)
        column.setContentsMargins(margin, margin // 2, margin, margin)
        column.setSpacing(em(self, 0.4))
        column.addLayout(head)
        below = QHBoxLayout()
        below.addWidget(self._place, 1)
        below.addWidget(self.source_button)
        column.addWidget(self._fields)
        column.addLayout(below)
        column.addWidget(self._remark)
        column.addWidget(self.page_bar)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.previous_button.clicked.connect(self._ask_previous)
        self.next_button.clicked.connect(self._ask_next)
        self.open_button.clicked.connect(self._ask_original)
        self.page_bar.page_requested.connect(self.page_requested)
        self.source_button.toggled.connect(self._switch_source)
        self.rendered_view.link_activated.connect(self._show_link)
        self.detach_button.toggled.connect(self._ask_detach)

    @property
    def opened(self) -> OpenedPassage | None:
        """What is shown, None while nothing is."""
        return self._opened

    def clear(self) -> None:
        """Show nothing."""
        self._opened = None
        self._show_words("", "", "")
        self._pages.setCurrentWidget(self._empty)
        self._show_buttons()

    def show_passage(self, opened: OpenedPassage) -> None:
        """Show a passage in its document."""
        self._opened = opened
        place = []
        if opened.page is not None:
            place.append(self._page_words(opened.page))
        elif opened.page_number is not None:
            place.append(self.tr("Page {number}").format(number=opened.page_number))
        if opened.heading:
            place.append(one_line(opened.heading))
        place.append(self.tr("passage {number} of {count}").format(number=opened.number, count=opened.count))
        self._show_words(
            one_line(opened.document.title),
            "  ·  ".join(place),
            remarks_on(opened),
            fields_line(opened.document.fields),
        )
        says_more = opened.page is None and is_rendered(Path(opened.document.path), opened.text)
        if opened.page is not None:
            self._pages.setCurrentWidget(self.page_view)
            self.page_bar.set_page(opened.page.number, opened.page.count)
            self.page_view.show_page(opened.page)
        else:
            is_cut = (opened.cut_before, opened.cut_after)
            self.text_view.set_is_code(is_source_file(Path(opened.document.path).name))
            self._show_text(opened.text, opened.highlight, is_cut=is_cut, sentence=opened.sentence)
            if says_more and not self.source_button.isChecked():
                self._show_rendered(opened)
        self._show_buttons(has_source=says_more)

    def _show_rendered(self, opened: OpenedPassage) -> None:
        self._pages.setCurrentWidget(self.rendered_view)
        heads = opened.heads if opened.cut_before else ""  # else they stand in the text itself
        path = Path(opened.document.path)
        self.rendered_view.show_text(*rendered_markdown(path, opened.text, opened.marked, heads))

    @Slot(bool)
    def _switch_source(self, is_source: bool) -> None:
        if self._opened is None:
            return
        if is_source:
            self._pages.setCurrentWidget(self.text_view)
            self.text_view.scroll_to_marked()
        else:
            self._show_rendered(self._opened)

    def show_other_page(self, page: DrawnPage) -> None:
        """Show another page of the document that is shown; the passage may go on there."""
        self._place.setText(self._page_words(page))
        self.page_bar.set_page(page.number, page.count)
        self.page_view.show_page(page)

    def _page_words(self, page: DrawnPage) -> str:
        return self.tr("Page {number} of {count}").format(number=page.number, count=page.count)

    def show_missing(self, title: str, text: str, notice: Notice) -> None:
        """Show the words that were kept with an answer, for their document is gone."""
        self._opened = None
        self._show_words(one_line(title), "", notice.words)
        self.text_view.set_is_code(False)
        self._show_text(text, Span(0, len(text)), is_cut=(False, False))
        self._show_buttons()

    def highlighted_text(self) -> str:
        """Return what is marked most in the text, as it was written; "" where a page is shown."""
        if self._pages.currentWidget() not in (self.text_view, self.rendered_view):
            return ""
        return self.text_view.marked_text()

    def _show_words(self, title: str, place: str, remark: str, fields: str = "") -> None:
        self._title.show_words(title)
        self._title.setVisible(bool(title))
        self._fields.show_words(fields)
        self._fields.setVisible(bool(fields))
        self._place.show_words(place)
        self._place.setVisible(bool(place))
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self.setAccessibleDescription(" ".join(filter(None, (title, fields, place, remark))))

    def _show_text(
        self, text: str, highlight: Span, *, is_cut: tuple[bool, bool], sentence: Span | None = None
    ) -> None:
        self.text_view.show_text(text, highlight, *is_cut, sentence)
        self._pages.setCurrentWidget(self.text_view)
        self.text_view.scroll_to_marked()

    def set_detached(self, is_detached: bool) -> None:
        """Say whether this is a window of its own, silently."""
        with QSignalBlocker(self.detach_button):
            self.detach_button.setChecked(is_detached)
        self.detach_button.set_words(
            self.tr("Back into the panel") if is_detached else self.tr("Show in a window of its own")
        )

    def _show_buttons(self, *, has_source: bool = False) -> None:
        opened = self._opened
        self.page_bar.setVisible(self._pages.currentWidget() is self.page_view)
        self.source_button.setVisible(has_source)
        for button in (self.previous_button, self.next_button, self.open_button):
            button.setVisible(opened is not None)
        if opened is not None:
            self.previous_button.setEnabled(opened.previous is not None)
            self.next_button.setEnabled(opened.next is not None)
            self.open_button.setEnabled(opened.remark is not Remark.ORIGINAL_GONE)

    @Slot()
    def _ask_previous(self) -> None:
        if self._opened is not None and self._opened.previous is not None:
            self.place_requested.emit(self._opened.document.id, self._opened.previous)

    @Slot()
    def _ask_next(self) -> None:
        if self._opened is not None and self._opened.next is not None:
            self.place_requested.emit(self._opened.document.id, self._opened.next)

    @Slot(str)
    def _show_link(self, address: str) -> None:
        offer_link(address, self.window())

    @Slot(bool)
    def _ask_detach(self, wanted: bool) -> None:
        self.detach_toggled.emit(wanted)

    @Slot()
    def _ask_original(self) -> None:
        if self._opened is not None:
            self.original_requested.emit(self._opened.document)
