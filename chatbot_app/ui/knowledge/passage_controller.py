"""Opens passages in the viewer: those of a search, and those that an answer cites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import Document, Evidence, Passage
from chatbot_app.core.latest import Latest
from chatbot_app.core.messages import Notice
from chatbot_app.core.trust import Quote
from chatbot_app.knowledge.places.passage_opening import OpenedPassage, open_page, open_passage
from chatbot_app.knowledge.places.pdf_pages import DrawnPage, DrawnPart, draw_part
from chatbot_app.knowledge.places.stored_places import StoredPlace
from chatbot_app.ui.knowledge.knowledge_controller import Library
from chatbot_app.ui.knowledge.page_zoom import PartWanted
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.workers.task_runner import TaskRunner


class PassageController(QObject):
    """One viewer; what was asked for last is what it shows."""

    original_requested = Signal(object)  # path, str
    notice_raised = Signal(object)  # Notice for the window

    def __init__(
        self,
        show_viewer: Callable[[], PassageViewer],
        library: Library,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """`show_viewer` brings the viewer to the front and returns it; pages are drawn by `runner`."""
        super().__init__(parent)
        self._show_viewer = show_viewer
        self._library = library
        self._runner = runner
        self._viewer: PassageViewer | None = None
        self._opening, self._drawing = Latest(), Latest()

    @Slot(object)
    def open_evidence(self, evidence: Evidence) -> None:
        """Show a passage that a search found."""
        self.open_passage(evidence.passage, evidence.title, evidence.path)

    def open_passage(self, passage: Passage, title: str, path: str) -> None:
        """Show a passage that was read from the store at some time."""
        self._open(passage.document_id, StoredPlace.of_passage(passage, path), title)

    @Slot(object)
    def open_source(self, source: Citation | Quote) -> None:
        """Show a passage that an answer cites or quotes, with the sentence marked that counts."""
        self._open(source.document_id, StoredPlace.of_source(source), source.document)

    @Slot(str, object)
    def _open_neighbour(self, document_id: str, place: StoredPlace) -> None:
        self._open(document_id, place, "")

    def _open(self, document_id: str, stored: StoredPlace, title: str) -> None:
        viewer = self._shown()
        is_latest = self._opening.begin()
        width = viewer.page_view.wanted_pixels()
        documents, passages = self._library.documents, self._library.passages

        def read() -> OpenedPassage | None:
            if not is_latest():
                return None  # another one was asked for meanwhile
            return open_passage(documents, passages, document_id, stored, width)

        def show(opened: OpenedPassage | None) -> None:
            if opened is not None and is_latest():
                viewer.show_passage(opened)

        def explain(notice: Notice) -> None:
            if is_latest():
                viewer.show_missing(title, stored.text, notice)

        self._runner.run(read, show, explain)

    @Slot(int)
    def _open_page(self, number: int) -> None:
        viewer = self._viewer
        if viewer is None or viewer.opened is None or viewer.opened.page is None:
            return
        opened = viewer.opened
        is_latest = self._opening.begin()
        width = viewer.page_view.wanted_pixels()
        marked = opened.highlight
        # On the pages beside its own a passage may begin or go on.
        is_near = opened.page is not None and abs(number - opened.page.number) <= 1
        passage = opened.text[marked.start : marked.end] if is_near else ""
        exact = opened.sentence if is_near else None
        sentence = opened.text[exact.start : exact.end] if exact is not None else ""

        def draw() -> DrawnPage | None:
            if not is_latest():
                return None
            return open_page(opened.document, number, width, passage, sentence)

        def show(page: DrawnPage | None) -> None:
            if page is not None and is_latest():
                viewer.show_other_page(page)

        self._runner.run(draw, show, self.notice_raised.emit)

    @Slot(object)
    def _draw_part(self, wanted: PartWanted) -> None:
        viewer = self._viewer
        if viewer is None or viewer.opened is None:
            return
        is_latest, is_open = self._drawing.begin(), self._opening.watch()
        path = Path(viewer.opened.document.path)

        def draw() -> DrawnPart | None:
            if not (is_latest() and is_open()):
                return None  # it was scrolled on meanwhile
            return draw_part(path, wanted.number, wanted.pixels_across, wanted.place)

        def show(part: DrawnPart | None) -> None:
            if part is not None and is_open():
                viewer.page_view.show_part(wanted.number, part)

        # A part that cannot be drawn leaves the coarser page.
        self._runner.run(draw, show, lambda _: None)

    def _shown(self) -> PassageViewer:
        viewer = self._show_viewer()
        if viewer is not self._viewer:
            self._viewer = viewer
            viewer.place_requested.connect(self._open_neighbour)
            viewer.original_requested.connect(self._open_original)
            viewer.page_requested.connect(self._open_page)
            viewer.page_view.part_wanted.connect(self._draw_part)
        return viewer

    @Slot(object)
    def _open_original(self, document: Document) -> None:
        self.original_requested.emit(document.path)
