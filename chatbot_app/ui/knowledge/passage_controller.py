"""Opens passages in the viewer: those of a search, and those that an answer cites."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.documents import Citation, Document, Evidence
from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.passage_opening import OpenedPassage, Span, open_passage
from chatbot_app.ui.knowledge.knowledge_controller import Library
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.workers.task_runner import TaskRunner


class PassageController(QObject):
    """One viewer; what was asked for last is what it shows."""

    original_requested = Signal(str)  # path

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
        self._opening = 0

    @Slot(object)
    def open_evidence(self, evidence: Evidence) -> None:
        """Show a passage that a search found."""
        passage = evidence.passage
        self._open(passage.document_id, Span(passage.start, passage.end), evidence.title, passage.text)

    @Slot(object)
    def open_citation(self, citation: Citation) -> None:
        """Show a passage that an answer cites."""
        span = Span(citation.start, citation.end)
        self._open(citation.document_id, span, citation.document, citation.text)

    @Slot(str, object)
    def open_span(self, document_id: str, span: Span) -> None:
        """Show another passage of a document."""
        self._open(document_id, span, "", "")

    def _open(self, document_id: str, span: Span, title: str, text: str) -> None:
        viewer = self._shown()
        self._opening += 1
        opening = self._opening
        width = viewer.page_view.wanted_pixels()
        documents, passages = self._library.documents, self._library.passages

        def read() -> OpenedPassage | None:
            if opening != self._opening:
                return None  # another one was asked for meanwhile
            return open_passage(documents, passages, document_id, span, width)

        def show(opened: OpenedPassage | None) -> None:
            if opened is not None and opening == self._opening:
                viewer.show_passage(opened)

        def explain(notice: Notice) -> None:
            if opening == self._opening:
                viewer.show_missing(title, text, notice)

        self._runner.run(read, show, explain)

    def _shown(self) -> PassageViewer:
        viewer = self._show_viewer()
        if viewer is not self._viewer:
            self._viewer = viewer
            viewer.span_requested.connect(self.open_span)
            viewer.original_requested.connect(self._open_original)
        return viewer

    @Slot(object)
    def _open_original(self, document: Document) -> None:
        self.original_requested.emit(document.path)
