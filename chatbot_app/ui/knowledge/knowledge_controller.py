"""What comes into the library through the knowledge panel, and the controllers of what is there."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.core.messages import Notice
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.importing.events import ImportProgress
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.dropped_files import is_model_file
from chatbot_app.ui.knowledge.collection_box import TRASH
from chatbot_app.ui.knowledge.fields_controller import FieldsController
from chatbot_app.ui.knowledge.filing_controller import FilingController
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.ui.knowledge.search_controller import SearchController
from chatbot_app.ui.knowledge.shelf_controller import ShelfController, Shelved
from chatbot_app.workers.import_worker import ImportWorker
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.knowledge.search.retriever import Retriever
    from chatbot_app.storage.document_fields import FieldStore
    from chatbot_app.storage.passages import PassageStore

# Opening one of these may run it: its folder is opened instead.
_RUNNABLE = frozenset(
    ".bat .cmd .ps1 .sh .bash .zsh .py .pyw .js .mjs .vbs .pl .rb .php .jar .lua .tcl .desktop .command".split()
)


class Library(Shelved, Protocol):
    """What the window uses of the library; `chatbot_app.knowledge.library.Library` is one."""

    @property
    def passages(self) -> PassageStore:
        """Passages."""
        ...

    @property
    def fields(self) -> FieldStore:
        """What tells documents apart."""
        ...

    @property
    def retriever(self) -> Retriever:
        """The search."""
        ...


class KnowledgeController(QObject):
    """Hands to the import what is offered; `shelf`, `filing` and `search` do the rest."""

    notice_raised = Signal(object)  # Notice for the window
    files_added = Signal(list)  # list[Path] as the person gave them: files and folders
    models_offered = Signal(list)  # list[Path]: models among what was given for the library

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
        self._worker = worker
        self._was_running = False
        self._allowed: dict[str, frozenset[str]] = {}  # hosts of private networks, by the address asked for
        self.shelf = ShelfController(panel, library, runner, self)
        self.filing = FilingController(panel, library, self.shelf, worker.settle, runner, self)
        self.search = SearchController(panel, library, answers, runner, self)
        fields = FieldsController(panel, library, runner, self)
        fields.corrected.connect(self.shelf.refresh)
        fields.failed.connect(self.notice_raised)
        self.shelf.notice_raised.connect(self.notice_raised)
        self._connect()

    def _connect(self) -> None:
        actions, worker = self._panel.user_actions, self._worker
        actions.files_offered.connect(self.add_files)
        actions.text_pasted.connect(self._add_text)
        actions.address_given.connect(self._add_address)
        actions.host_allowed.connect(self._add_allowed)
        actions.again_requested.connect(self._import_again)
        actions.original_requested.connect(self.open_original)
        actions.vectors_requested.connect(worker.make_vectors)
        actions.pause_toggled.connect(worker.set_paused)
        actions.cancel_requested.connect(worker.cancel)
        worker.files_changed.connect(self.shelf.show_files)
        worker.progress_changed.connect(self._show_progress)
        worker.fields_read.connect(self.shelf.refresh)
        worker.failed.connect(self.notice_raised)
        worker.permission_needed.connect(self._panel.questions.ask_to_allow)

    @Slot(list)
    def add_files(self, paths: list[Path]) -> None:
        """Import files and folders into the collection that is shown; models are no documents."""
        models = [path for path in paths if is_model_file(path)]
        if models:
            self.models_offered.emit(models)
            paths = [path for path in paths if path not in models]
        if not paths:
            return
        self._worker.import_paths(paths, self._target())
        self.files_added.emit(paths)

    @Slot(str, str)
    def _add_text(self, title: str, text: str) -> None:
        self._worker.runner.add_text(title, text, self._target())

    @Slot(str)
    def _add_address(self, address: str) -> None:
        self._worker.runner.add_address(address, self._target())

    @Slot(str, str, str)
    def _add_allowed(self, address: str, host: str, collection_id: str) -> None:
        # A page may send on into another private network: both are allowed then, for this address alone.
        self._allowed[address] = self._allowed.get(address, frozenset()) | {host}
        self._worker.runner.add_address(address, collection_id, self._allowed[address])

    @Slot(list)
    def _import_again(self, paths: list[Path]) -> None:
        self._worker.import_paths(paths, self._target(), again=True)

    def _target(self) -> str:
        shown = self._panel.collection_id
        return ALL_DOCUMENTS if shown == TRASH else shown

    @Slot(object)
    def _show_progress(self, progress: ImportProgress) -> None:
        self._panel.status.set_progress(progress)
        if self._was_running and not progress.is_running:
            self.shelf.refresh()
        self._was_running = progress.is_running

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
