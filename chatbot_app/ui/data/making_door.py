"""Opens the window that makes data sets of documents; nothing of it is loaded before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from chatbot_app.chat.services import Services
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.window_menus import data_menu
from chatbot_app.workers.lanes import Lanes

if TYPE_CHECKING:
    from chatbot_app.ui.data.making_window import MakingWindow


class MakingDoor(QObject):
    """Makes the window when it is first wanted, and keeps it."""

    def __init__(self, window: MainWindow, services: Services, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._lanes = lanes
        self._making: MakingWindow | None = None
        action = QAction(self.tr("&Make from documents…"), window)
        action.setObjectName("making_action")
        action.triggered.connect(self.open)
        data_menu(window).addAction(action)

    @Slot()
    def open(self) -> None:
        """Bring the window to the front."""
        if self._making is None:
            from chatbot_app.ui.data.making_window import MakingWindow
            from chatbot_app.workers.lab_services import LabServices

            services = LabServices(self._services, self._lanes, self._window)
            self._making = MakingWindow(services, self._window)
            self._making.models_wanted.connect(self._window.models_requested)
        self._making.come_forward()

    def shutdown(self) -> None:
        """End what is being made."""
        if self._making is not None:
            self._making.shutdown()
