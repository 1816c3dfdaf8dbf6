"""Opens the laboratory; nothing of it is loaded before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chatbot_app.chat.services import Services
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.lanes import Lanes

if TYPE_CHECKING:
    from chatbot_app.ui.lab.laboratory_window import LaboratoryWindow


class LaboratoryDoor(QObject):
    """Makes the window of the laboratory when it is first wanted, and keeps it."""

    def __init__(self, window: MainWindow, services: Services, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._lanes = lanes
        self._laboratory: LaboratoryWindow | None = None
        window.laboratory_requested.connect(self.open)
        window.chat_pane.transcript.user_actions.alternatives_requested.connect(self.show_alternatives)

    @Slot()
    def open(self) -> None:
        """Bring the laboratory to the front, at the page that was open last."""
        self._made().come_forward()

    @Slot(str)
    def show_alternatives(self, message_id: str) -> None:
        """Show how certain the model was of each word of an answer."""
        self.open_at("next_token", message_id=message_id)

    def open_at(self, page: str, **what: object) -> None:
        """Bring a page to the front and have it show something (see `LabPage`)."""
        self._made().open_at(page, **what)

    def shutdown(self) -> None:
        """End what its pages are doing."""
        if self._laboratory is not None:
            self._laboratory.shutdown()

    def _made(self) -> LaboratoryWindow:
        if self._laboratory is None:
            from chatbot_app.ui.lab.laboratory_window import LaboratoryWindow
            from chatbot_app.workers.lab_services import LabServices

            self._laboratory = LaboratoryWindow(
                lambda owner: LabServices(self._services, self._lanes, owner), self._window
            )
        return self._laboratory
