"""Asks where the rows of a data set are to be written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def rows_file_dialog(parent: QWidget | None, name: str, title: str, proposed: str) -> QFileDialog:
    """Return a dialog for a file of JSON Lines, `proposed` without its ending; the caller opens it.

    It asks before it takes a file that is there, and deletes itself when it is closed.
    """
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, title, documents or str(Path.home()))
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([QCoreApplication.translate("RowsFile", "JSON Lines (*.jsonl)")])
    dialog.setDefaultSuffix("jsonl")
    dialog.selectFile(f"{proposed}.jsonl")
    return dialog
