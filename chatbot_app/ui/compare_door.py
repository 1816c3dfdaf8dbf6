"""Opens the window in which models are compared, and takes an answer over from it; nothing of it is loaded before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from chatbot_app.chat.services import Services
from chatbot_app.core.messages import Conversation, Message
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.lanes import Lanes

if TYPE_CHECKING:
    from chatbot_app.core.prompt_plan import PromptPlan
    from chatbot_app.ui.compare.compare_window import CompareWindow


class CompareDoor(QObject):
    """Makes the window when it is first wanted, and keeps it."""

    def __init__(
        self, window: MainWindow, services: Services, lanes: Lanes, controllers: Controllers, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._lanes = lanes
        self._controllers = controllers
        self._compare: CompareWindow | None = None
        self._add_action()

    def _add_action(self) -> None:
        menu = self._window.menuBar().actions()[2].menu()  # Tools
        assert isinstance(menu, QMenu)
        action = QAction(self.tr("C&ompare models…"), self._window)
        action.setObjectName("compare_models_action")
        action.setShortcut(QKeySequence("Ctrl+Shift+C"))
        action.triggered.connect(self.open)
        menu.insertAction(menu.actions()[1], action)

    @Slot()
    def open(self) -> None:
        """Bring the window to the front; its columns begin with the settings of the open conversation."""
        from chatbot_app.chat.comparing import without_documents

        self._made().come_forward(without_documents(self._controllers.chat.settings))

    def shutdown(self) -> None:
        """End what is asked in it."""
        if self._compare is not None:
            self._compare.shutdown()

    @Slot(str, object, object)
    def take_over(self, question: str, answer: Message, plan: PromptPlan | None) -> None:
        """Keep a question and one of its answers as a new conversation, and open it."""

        def show(conversation: Conversation) -> None:
            self._controllers.chat.conversation_stored.emit(conversation)
            self._controllers.chat.open(conversation.id)
            self._window.raise_()
            self._window.activateWindow()

        self._lanes.store.run(
            lambda: self._services.conversations.add_answered(question, answer, plan),
            show,
            self._made().say,
        )

    def _made(self) -> CompareWindow:
        if self._compare is None:
            from chatbot_app.chat.comparing import Comparison
            from chatbot_app.ui.compare.compare_window import CompareWindow
            from chatbot_app.workers.lab_services import LabServices

            services = self._services
            comparison = Comparison(services.gateway, services.store_calls, time.monotonic)
            self._compare = CompareWindow(
                LabServices(services, self._lanes, self._window), comparison, self._window
            )
            self._compare.take_over_requested.connect(self.take_over)
        return self._compare
