"""Carries between the watched folders of the knowledge panel, the watcher and the import."""

from __future__ import annotations

from pathlib import Path, PurePath

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.documents import ALL_DOCUMENTS, Document
from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.importing.folder_looks import FolderLook
from chatbot_app.storage.watched_folders import is_below
from chatbot_app.ui.knowledge.collection_box import TRASH
from chatbot_app.ui.knowledge.document_words import one_line
from chatbot_app.ui.knowledge.knowledge_controller import KnowledgeController
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.workers.folder_lane import FolderLane
from chatbot_app.workers.import_worker import ImportWorker
from chatbot_app.workers.task_runner import TaskRunner


class WatchController(QObject):
    """Keeps the strip of watched folders true, and the documents true to the folders."""

    notice_raised = Signal(object)  # Notice for the window

    def __init__(
        self,
        panel: KnowledgePanel,
        knowledge: KnowledgeController,
        watcher: FolderLane,
        importer: ImportWorker,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._knowledge = knowledge
        self._watcher = watcher
        self._runner = runner
        panel.user_actions.watch_requested.connect(self.watch)
        panel.watched.stop_requested.connect(watcher.stop_watching)
        panel.watched.look_requested.connect(watcher.look_now)
        knowledge.files_added.connect(self._offer)
        watcher.looked.connect(self._show)
        watcher.queued.connect(importer.import_queued)
        watcher.withdrawn.connect(importer.withdraw)
        watcher.removed.connect(self._tell_removed)
        watcher.renamed.connect(self._refresh)
        watcher.absorbed.connect(self._tell_absorbed)
        watcher.failed.connect(self.notice_raised)

    @Slot(list)
    def watch(self, paths: list[Path]) -> None:
        """Watch folders; new documents go into the collection that is shown."""
        shown = self._panel.collection_id
        self._watcher.watch(paths, ALL_DOCUMENTS if shown == TRASH else shown)

    @Slot(list)
    def _offer(self, paths: list[Path]) -> None:
        watched = self._panel.watched.paths

        def folders() -> list[Path]:
            # Asked in the background: a network drive may take its time.
            return [
                path
                for path in paths
                if path.is_dir()
                and not any(str(path) == folder or is_below(str(path), folder) for folder in watched)
            ]

        def show(found: list[Path]) -> None:
            if found:
                self._panel.offers.offer_watch(found)

        self._runner.run(folders, show, self.notice_raised.emit)

    @Slot(list)
    def _show(self, looks: list[FolderLook]) -> None:
        self._panel.watched.show_looks(looks)

    @Slot(object, list)
    def _tell_removed(self, folder: str, documents: list[Document]) -> None:
        name = one_line(PurePath(folder).name or folder)
        self._panel.offers.offer_undo(
            [document.title for document in documents],
            [document.id for document in documents],
            vanished_from=name,
        )
        self._knowledge.shelf.refresh()

    @Slot(object)
    def _refresh(self, _paths: list[str]) -> None:
        self._knowledge.shelf.refresh()

    @Slot(object, object)
    def _tell_absorbed(self, folder: str, inner: list[str]) -> None:
        names = ", ".join(f"“{one_line(PurePath(path).name)}”" for path in inner[:3])
        self.notice_raised.emit(
            Notice(
                "FoldersJoined",
                self.tr(
                    "“{folder}” is watched with everything in it: {names} need no watch of their own."
                ).format(folder=one_line(PurePath(folder).name), names=names),
                "",
            )
        )
