"""What is listed in the knowledge panel: collections and documents, as the library has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chatbot_app.core.documents import ALL_DOCUMENTS, Document, ImportOutcome, Shelves
from chatbot_app.core.latest import Latest
from chatbot_app.knowledge.importing.events import FileProgress, FileStep
from chatbot_app.ui.knowledge.collection_box import TRASH
from chatbot_app.ui.knowledge.document_order import KEYS, DocumentOrder
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.ui.polling import Polling
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.storage.documents import DocumentStore
    from chatbot_app.storage.import_jobs import ImportQueue
    from chatbot_app.storage.passages import PassageStore

COUNT_EVERY_MS = 500


class Shelved(Protocol):
    """What is read of the library; `chatbot_app.knowledge.library.Library` is one."""

    @property
    def documents(self) -> DocumentStore:
        """Documents and collections."""
        ...

    @property
    def passages(self) -> PassageStore:
        """What can be found."""
        ...

    @property
    def jobs(self) -> ImportQueue:
        """Files that wait, and reports."""
        ...

    def days_in_trash(self) -> dict[str, int]:
        """Return for each document in the trash how many days it stays there."""
        ...


class ShelfController(QObject):
    """Keeps the list true to the library, also while files come in."""

    notice_raised = Signal(object)  # Notice for the window
    collections_changed = Signal(list, bool)  # list[Collection], whether anything can be searched

    def __init__(
        self, panel: KnowledgePanel, library: Shelved, runner: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._runner = runner
        self._listing = Latest()
        self._has_searchable = False
        self._files: dict[str, DocumentRow] = {}  # failed files that are no documents
        self._counting = QTimer(self)  # the numbers beside the collections follow an import, at this pace
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNT_EVERY_MS)
        self._counting.timeout.connect(self.count)
        self._generation: int | None = None  # of what is listed
        self._files_came = False  # through this window, since the last look
        self._polling = Polling(runner, library.passages.generation, self._follow, self)
        panel.user_actions.shown_changed.connect(self._list)

    def start(self) -> None:
        """Show what is in the library."""

        def show(rows: list[DocumentRow]) -> None:
            self._files = {row.path: row for row in rows}
            self.refresh()
            self._polling.look()

        self._runner.run(self._failed_files, show, self.notice_raised.emit)

    def _follow(self, generation: int) -> None:
        """List anew what another process did (`chatbot-app import`); what comes in through this window is listed by itself."""
        is_changed = self._generation not in (None, generation)
        if is_changed and not self._files_came:
            self.refresh()
        self._generation, self._files_came = generation, False

    @Slot()
    def refresh(self) -> None:
        """Read collections and documents anew."""
        self.count()
        self._list(self._panel.collection_id, self._panel.filter)

    @Slot()
    def count(self) -> None:
        """Read the collections and their numbers anew."""
        self._runner.run(
            lambda: self._library.documents.shelves(), self._show_shelves, self.notice_raised.emit
        )

    def _show_shelves(self, shelves: Shelves) -> None:
        self._panel.show_collections(shelves.collections, shelves.total, shelves.in_trash)
        self._has_searchable = shelves.has_searchable
        self.collections_changed.emit(list(shelves.collections), shelves.has_searchable)

    # --- what comes and goes -----------------------------------------------------------------------------

    @Slot(list)
    def show_files(self, files: list[FileProgress]) -> None:
        """Show how files come in, one by one."""
        self._files_came = True
        for progress in files:
            self._remember(progress)
        if self._panel.collection_id != TRASH:
            everything = self._panel.collection_id == ALL_DOCUMENTS and not self._panel.filter
            self._panel.list.documents.apply(files, only_known=not everything)
            self._panel.page.show_list()
        is_new = any(
            progress.document is not None and progress.step in (FileStep.VECTORS, FileStep.FINISHED)
            for progress in files
        )
        if is_new and not self._has_searchable:
            self.count()
        elif is_new and not self._counting.isActive():
            self._counting.start()

    def forget_files(self, paths: Sequence[str]) -> None:
        """Take files that are no documents out of the list."""
        for path in paths:
            self._files.pop(path, None)
            self._panel.list.documents.remove_file(path)

    def _remember(self, progress: FileProgress) -> None:
        report = progress.report
        failed = report is not None and report.outcome is ImportOutcome.FAILED
        if progress.document is None and failed:
            self._files[progress.path] = DocumentRow.of_progress(progress)
        else:
            self._files.pop(progress.path, None)

    # --- what is listed ----------------------------------------------------------------------------------

    @Slot(str, str)
    def _list(self, collection_id: str, containing: str) -> None:
        is_latest = self._listing.begin()
        library, documents, order = self._library, self._library.documents, self._panel.order
        stays: dict[str, int] = {}

        def read() -> list[Document]:
            if collection_id == TRASH:
                stays.update(library.days_in_trash())
                return documents.trash()
            found = documents.documents(collection_id, containing)
            if order is not DocumentOrder.NEWEST:
                # What the names are sorted by is kept: the GUI thread then has little to do.
                found.sort(key=lambda document: KEYS[order](DocumentRow.of_document(document)))
            return found

        def show(found: list[Document]) -> None:
            if is_latest():
                self._panel.show_documents(found, self._files_to_show(collection_id, containing), stays)

        self._runner.run(read, show, self.notice_raised.emit)

    def _files_to_show(self, collection_id: str, containing: str) -> list[DocumentRow]:
        if collection_id == TRASH:
            return []
        under_way = [row for row in self._panel.list.documents.files() if not row.has_failed]
        rows = {row.path: row for row in (*under_way, *self._files.values())}
        return [row for row in rows.values() if containing.lower() in row.path.lower()]

    def _failed_files(self) -> list[DocumentRow]:
        failures = self._library.jobs.failures()
        return [DocumentRow(report.path, FileStep.FINISHED, None, report) for report in reversed(failures)]
