"""The choice of the model that searches the documents, wired to where a person asks for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from chatbot_app.chat.services import Services
from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.importing.runner import ImportRunner
from chatbot_app.storage.database import StoreMode
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.embedding_controller import EmbeddingController
from chatbot_app.ui.models.models_area import ModelsArea
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.task_runner import TaskRunner


class EmbeddingArea(QObject):
    """Owns the controller, and tells in the window what nobody sees in its own."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        models: ModelsArea,
        library: LibraryActions,
        importing: ImportRunner,
        runner: TaskRunner,
    ) -> None:
        """The window owns it."""
        super().__init__(window)
        self._bar = window.chat_pane.notice_bar
        self.controller = EmbeddingController(services, importing.renew_embedder, window)
        library.embedding_requested.connect(self._open)
        models.local.actions.embedding_requested.connect(self.controller.open)
        self.controller.models_changed.connect(models.local.refresh)
        self.controller.download_requested.connect(models.models.open_better)
        self.controller.told.connect(self._tell)
        if services.database.mode is StoreMode.READ_WRITE:
            runner.run(services.is_library_moving, self.controller.resume)

    def shutdown(self) -> None:
        """End what is under way."""
        self.controller.shutdown()

    @Slot()
    def _open(self) -> None:
        self.controller.open()

    @Slot(object, bool)
    def _tell(self, notice: Notice, is_good: bool) -> None:
        self._bar.show_notice(notice, Severity.SUCCESS if is_good else Severity.WARNING)
