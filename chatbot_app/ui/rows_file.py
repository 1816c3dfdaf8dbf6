"""Asks where the rows of a data set are to be written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from chatbot_app.ui.file_dialogs import documents_folder, saving_dialog


def rows_file_dialog(parent: QWidget | None, name: str, title: str, proposed: str) -> QFileDialog:
    """Return a dialog for a file of JSON Lines, `proposed` without its ending; the caller opens it.

    It asks before it takes a file that is there, and deletes itself when it is closed.
    """
    kind = QCoreApplication.translate("RowsFile", "JSON Lines (*.jsonl)")
    folder = documents_folder() or str(Path.home())
    return saving_dialog(parent, name, title, kind, f"{proposed}.jsonl", folder=folder)
