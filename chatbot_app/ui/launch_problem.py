"""What is said where no window can be opened at all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from chatbot_app.core.errors import AppError
from chatbot_app.core.paths import APPLICATION_NAME
from chatbot_app.ui.icons import application_icon


def show_launch_problem(error: AppError) -> None:
    """Say in a box of its own why the program cannot start, and what to do; returns when it is closed."""
    application = QApplication.instance() or QApplication([APPLICATION_NAME])
    if isinstance(application, QApplication):
        application.setWindowIcon(application_icon())
    box = QMessageBox(QMessageBox.Icon.Warning, APPLICATION_NAME, error.summary)
    box.setObjectName("launch_problem")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(error.next_step)
    box.exec()
    application.processEvents()
