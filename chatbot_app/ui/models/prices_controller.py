"""Reads and keeps what models cost, and lets the person say it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from chatbot_app.core.model_prices import Price, PriceBook
from chatbot_app.core.servers import Server
from chatbot_app.storage.model_prices import ModelPriceStore
from chatbot_app.workers.task_runner import TaskRunner


class PricesController(QObject):
    """One for each place that shows prices."""

    read = Signal(object)  # PriceBook, when it was read and when it changed
    failed = Signal(object)  # Notice

    def __init__(
        self, store: ModelPriceStore, runner: TaskRunner, window: QWidget, parent: QObject | None = None
    ) -> None:
        """`window` is asked above where no other window of the program is in front."""
        super().__init__(parent or window)
        self._store = store
        self._runner = runner
        self._window = window

    @Slot()
    def reload(self) -> None:
        """Read all prices."""
        self._runner.run(self._store.book, self.read.emit, self.failed.emit)

    @Slot(object, list)
    @Slot(object, list, str)
    def ask(self, server: Server, models: Sequence[str], model: str = "") -> None:
        """Ask for the price of a model of a server, by default the first one that it is asked for."""
        above = QApplication.activeWindow() or self._window

        def show(book: PriceBook) -> None:
            from chatbot_app.ui.models.price_dialog import PriceDialog

            name = model or server.default_model or next(iter(models), "")
            dialog = PriceDialog(server, name, models, book, above)
            dialog.saved.connect(self._keep)
            dialog.open()

        self._runner.run(self._store.book, show, self.failed.emit)

    @Slot(str, str, object)
    def _keep(self, server_id: str, model: str, price: Price | None) -> None:
        self._runner.run(lambda: self._store.set(server_id, model, price), self.read.emit, self.failed.emit)
