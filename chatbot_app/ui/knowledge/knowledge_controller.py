"""Carries what is done in the knowledge panel to the store and the import, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from chatbot_app.core.documents import (
    ALL_DOCUMENTS,
    Collection,
    Document,
    ImportOutcome,
    Shelves,
)
from chatbot_app.core.messages import Notice
from chatbot_app.core.text import clean_text
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.knowledge.document_order import KEYS, DocumentOrder
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.fields_controller import FieldsController
from chatbot_app.ui.knowledge.panel import TRASH, KnowledgePanel
from chatbot_app.ui.knowledge.search_controller import SearchController
from chatbot_app.workers.import_progress import FileProgress, FileStep, ImportProgress
from chatbot_app.workers.import_worker import ImportWorker
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.knowledge.retriever import Retriever
    from chatbot_app.storage.document_fields import FieldStore
    from chatbot_app.storage.documents import DocumentStore
    from chatbot_app.storage.import_jobs import ImportQueue
    from chatbot_app.storage.passages import PassageStore

COUNT_EVERY_MS = 500
# Opening one of these may run it: its folder is opened instead.
_RUNNABLE = frozenset(
    ".bat .cmd .ps1 .sh .bash .zsh .py .pyw .js .mjs .vbs .pl .rb .php .jar .lua .tcl .desktop .command".split()
)


class Library(Protocol):
    """What the window uses of the library; `chatbot_app.library.Library` is one."""

    @property
    def documents(self) -> DocumentStore:
        """Documents and collections."""
        ...

    @property
    def passages(self) -> PassageStore:
        """Passages."""
        ...

    @property
    def fields(self) -> FieldStore:
        """What tells documents apart."""
        ...

    @property
    def jobs(self) -> ImportQueue:
        """Files that wait, and reports."""
        ...

    @property
    def retriever(self) -> Retriever:
        """The search."""
        ...

    def days_in_trash(self) -> dict[str, int]:
        """Return for each document in the trash how many days it stays there."""
        ...


class KnowledgeController(QObject):
    """Keeps the panel true to the library."""

    notice_raised = Signal(object)  # Notice for the window
    files_added = Signal(list)  # list[Path] as the person gave them: files and folders
    passage_chosen = Signal(object)  # Evidence
    purged = Signal()  # documents were deleted for good: what is left of them waits to be scrubbed
    collections_changed = Signal(list, bool)  # list[Collection], whether anything can be searched

    def __init__(
        self,
        panel: KnowledgePanel,
        library: Library,
        answers: ConversationStore,
        worker: ImportWorker,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """`runner` reads and searches the library; answers and drafts have another one."""
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._search = SearchController(panel, library, answers, runner, self)
        self._fields = FieldsController(panel, library, runner, self)
        self._fields.corrected.connect(self.refresh)
        self._fields.failed.connect(self.notice_raised)
        self._worker = worker
        self._runner = runner
        self._listing = 0  # number of the latest request for documents: results of earlier ones are ignored
        self._was_running = False
        self._allowed: dict[str, frozenset[str]] = {}  # hosts of private networks, by the address asked for
        self._has_searchable = False
        self._counting = QTimer(self)  # the numbers beside the collections follow an import, at this pace
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNT_EVERY_MS)
        self._counting.timeout.connect(self._count)
        self._collections: list[Collection] = []
        self._files: dict[str, DocumentRow] = {}  # failed files that are no documents
        self._connect()

    def _connect(self) -> None:
        panel, worker = self._panel, self._worker
        panel.files_offered.connect(self.add_files)
        panel.text_pasted.connect(self._add_text)
        panel.address_given.connect(self._add_address)
        panel.host_allowed.connect(self._add_allowed)
        panel.shown_changed.connect(self._list)
        panel.passage_chosen.connect(self.passage_chosen)
        panel.again_requested.connect(self._import_again)
        panel.removal_requested.connect(self._remove)
        panel.undo_requested.connect(self._bring_back)
        panel.purge_requested.connect(self._purge)
        panel.original_requested.connect(self.open_original)
        panel.collection_named.connect(self._create_collection)
        panel.collection_deleted.connect(self._delete_collection)
        panel.filing_requested.connect(self._file)
        panel.vectors_requested.connect(worker.make_vectors)
        panel.pause_toggled.connect(worker.set_paused)
        panel.cancel_requested.connect(worker.cancel)
        worker.files_changed.connect(self._show_files)
        worker.progress_changed.connect(self._show_progress)
        worker.failed.connect(self.notice_raised)
        worker.permission_needed.connect(panel.ask_to_allow)

    def start(self) -> None:
        """Show what is in the library."""

        def show(rows: list[DocumentRow]) -> None:
            self._files = {row.path: row for row in rows}
            self.refresh()

        self._runner.run(self._failed_files, show, self._complain)

    @Slot()
    def refresh(self) -> None:
        """Read collections and documents anew."""
        self._runner.run(self._read_shelves, self._show_shelves, self._complain)
        self._list(self._panel.collection_id, self._panel.filter)

    @Slot(str, str)
    def inspect_answer(self, message_id: str, query: str) -> None:
        """Show what was found for an answer, and what of it stood in its prompt."""
        self._search.inspect_answer(message_id, query)

    @property
    def collections(self) -> list[Collection]:
        """The person's collections as they were last read."""
        return self._collections

    @property
    def has_searchable(self) -> bool:
        """Whether any document can be searched."""
        return self._has_searchable

    # --- what comes in -------------------------------------------------------------------------------

    @Slot(list)
    def add_files(self, paths: list[Path]) -> None:
        """Import files and folders into the collection that is shown."""
        self._worker.import_paths(paths, self._target())
        self.files_added.emit(paths)

    @Slot(str, str)
    def _add_text(self, title: str, text: str) -> None:
        self._worker.import_text(title, text, self._target())

    @Slot(str)
    def _add_address(self, address: str) -> None:
        self._worker.import_address(address, self._target())

    @Slot(str, str, str)
    def _add_allowed(self, address: str, host: str, collection_id: str) -> None:
        # A page may send on into another private network: both are allowed then, for this address alone.
        self._allowed[address] = self._allowed.get(address, frozenset()) | {host}
        self._worker.import_address(address, collection_id, self._allowed[address])

    @Slot(list)
    def _import_again(self, paths: list[Path]) -> None:
        self._worker.import_paths(paths, self._target(), again=True)

    def _target(self) -> str:
        shown = self._panel.collection_id
        return ALL_DOCUMENTS if shown == TRASH else shown

    @Slot(list)
    def _show_files(self, files: list[FileProgress]) -> None:
        for progress in files:
            self._remember(progress)
        if self._panel.collection_id != TRASH:
            everything = self._panel.collection_id == ALL_DOCUMENTS and not self._panel.filter
            self._panel.list.documents.apply(files, only_known=not everything)
            self._panel.show_list()
        is_new = any(
            progress.document is not None and progress.step in (FileStep.VECTORS, FileStep.FINISHED)
            for progress in files
        )
        if is_new and not self._has_searchable:
            self._count()
        elif is_new and not self._counting.isActive():
            self._counting.start()

    def _remember(self, progress: FileProgress) -> None:
        report = progress.report
        failed = report is not None and report.outcome is ImportOutcome.FAILED
        if progress.document is None and failed:
            self._files[progress.path] = DocumentRow.of_progress(progress)
        else:
            self._files.pop(progress.path, None)

    @Slot(object)
    def _show_progress(self, progress: ImportProgress) -> None:
        self._panel.status.set_progress(progress)
        if self._was_running and not progress.is_running:
            self.refresh()
        self._was_running = progress.is_running

    # --- what is listed ------------------------------------------------------------------------------

    @Slot(str, str)
    def _list(self, collection_id: str, containing: str) -> None:
        self._listing += 1
        listing = self._listing
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
            if listing == self._listing:
                self._panel.show_documents(found, self._files_to_show(collection_id, containing), stays)

        self._runner.run(read, show, self._complain)

    def _files_to_show(self, collection_id: str, containing: str) -> list[DocumentRow]:
        if collection_id == TRASH:
            return []
        under_way = [row for row in self._panel.list.documents.files() if not row.has_failed]
        rows = {row.path: row for row in (*under_way, *self._files.values())}
        return [row for row in rows.values() if containing.lower() in row.path.lower()]

    def _failed_files(self) -> list[DocumentRow]:
        failures = self._library.jobs.failures()
        return [DocumentRow(report.path, FileStep.FINISHED, None, report) for report in reversed(failures)]

    def _read_shelves(self) -> Shelves:
        return self._library.documents.shelves()

    @Slot()
    def _count(self) -> None:
        self._runner.run(self._read_shelves, self._show_shelves, self._complain)

    def _show_shelves(self, shelves: Shelves) -> None:
        self._panel.show_collections(shelves.collections, shelves.total, shelves.in_trash)
        self._collections = list(shelves.collections)
        self._has_searchable = shelves.has_searchable
        self.collections_changed.emit(self._collections, shelves.has_searchable)

    # --- what is done with documents -----------------------------------------------------------------

    @Slot(list)
    def _remove(self, rows: list[DocumentRow]) -> None:
        store, jobs = self._library.documents, self._library.jobs
        titles = [row.document.title for row in rows if row.document is not None]
        ids = [row.document_id for row in rows if row.document_id]
        paths = [row.path for row in rows if not row.document_id]
        for path in paths:
            self._files.pop(path, None)
            self._panel.list.documents.remove_file(path)

        def remove() -> None:
            jobs.forget(paths)
            for document_id in ids:
                store.delete(document_id)

        def show(_: object) -> None:
            for document_id in ids:
                self._panel.list.documents.remove_document(document_id)
            if ids:
                self._panel.offer_undo(titles, ids)
            self._panel.show_list()
            self._worker.settle()
            self._runner.run(self._read_shelves, self._show_shelves, self._complain)

        self._runner.run(remove, show, self._complain)

    @Slot(list)
    def _bring_back(self, document_ids: list[str]) -> None:
        store = self._library.documents
        self._change(lambda: [store.restore(document_id) for document_id in document_ids])

    @Slot(list)
    def _purge(self, document_ids: list[str]) -> None:
        store = self._library.documents

        def purge() -> None:
            for document_id in document_ids:
                store.purge(document_id)

        def purged(_: object) -> None:
            self.refresh()
            self.purged.emit()

        self._runner.run(purge, purged, self._complain)

    @Slot(str, list)
    def _create_collection(self, name: str, document_ids: list[str]) -> None:
        store = self._library.documents

        def create() -> str:
            collection = store.create_collection(name)
            if document_ids:
                store.add_to_collection(collection.id, document_ids)
            return collection.id

        def show(collection_id: str) -> None:
            # What is added next is meant for it.
            self._panel.choose_collection(collection_id)
            self.refresh()

        self._runner.run(create, show, self._complain)

    @Slot(str)
    def _delete_collection(self, collection_id: str) -> None:
        self._change(lambda: self._library.documents.delete_collection(collection_id))

    @Slot(str, list, bool)
    def _file(self, collection_id: str, document_ids: Sequence[str], into: bool) -> None:
        store = self._library.documents
        move = store.add_to_collection if into else store.remove_from_collection
        self._change(lambda: move(collection_id, document_ids))

    def _change(self, work: Callable[[], object]) -> None:
        def show(_: object) -> None:
            self._worker.settle()
            self.refresh()

        self._runner.run(work, show, self._complain)

    @Slot(object)
    def open_original(self, path: str) -> None:
        """Open a file in its own program, the folder of one that would run."""
        place = PurePath(path)
        target = Path(place.parent if place.suffix.lower() in _RUNNABLE else place)
        # Encoded by its bytes: a name that is no valid text would be another one as QString.
        if not QDesktopServices.openUrl(QUrl.fromEncoded(target.as_uri().encode("ascii"))):
            self.notice_raised.emit(
                Notice(
                    "OriginalNotOpened",
                    self.tr("“{name}” could not be opened.").format(name=clean_text(place.name)),
                    self.tr("It may have been moved or deleted. Its stored text can still be searched."),
                )
            )

    def _complain(self, notice: Notice) -> None:
        self.notice_raised.emit(notice)
