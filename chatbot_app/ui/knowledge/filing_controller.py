"""What is done with documents that are there: into the trash and back, for good, into collections and out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.ui.knowledge.shelf_controller import ShelfController, Shelved
from chatbot_app.workers.task_runner import TaskRunner


class FilingController(QObject):
    """Carries it to the store, and shows what came of it."""

    purged = Signal()  # documents were deleted for good: what is left of them waits to be scrubbed

    def __init__(
        self,
        panel: KnowledgePanel,
        library: Shelved,
        shelf: ShelfController,
        settle: Callable[[], None],
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """`settle` is called when rows of large documents wait to be moved."""
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._shelf = shelf
        self._settle = settle
        self._runner = runner
        self._complain = shelf.notice_raised.emit
        actions = panel.user_actions
        actions.removal_requested.connect(self._remove)
        actions.undo_requested.connect(self._bring_back)
        actions.purge_requested.connect(self._purge)
        actions.collection_named.connect(self._create_collection)
        actions.collection_deleted.connect(self._delete_collection)
        actions.filing_requested.connect(self._file)

    @Slot(list)
    def _remove(self, rows: list[DocumentRow]) -> None:
        store, jobs = self._library.documents, self._library.jobs
        titles = [row.document.title for row in rows if row.document is not None]
        ids = [row.document_id for row in rows if row.document_id]
        paths = [row.path for row in rows if not row.document_id]
        self._shelf.forget_files(paths)

        def remove() -> None:
            jobs.forget(paths)
            for document_id in ids:
                store.delete(document_id)

        def show(_: object) -> None:
            for document_id in ids:
                self._panel.list.documents.remove_document(document_id)
            if ids:
                self._panel.offers.offer_undo(titles, ids)
            self._panel.page.show_list()
            self._settle()
            self._shelf.count()

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
            self._shelf.refresh()
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
            self._panel.collection_box.choose(collection_id)
            self._shelf.refresh()

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
            self._settle()
            self._shelf.refresh()

        self._runner.run(work, show, self._complain)
