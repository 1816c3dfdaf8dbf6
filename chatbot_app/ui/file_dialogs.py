"""Dialogs for files and folders. The program goes on while one is open: whoever asks is told by a signal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def opening_dialog(
    parent: QWidget | None, name: str, title: str, filters: Sequence[str] = (), *, many: bool = False
) -> QFileDialog:
    """Return a dialog for a file that is there, or for `many`; without `filters` any will do.

    The caller connects to its `fileSelected` or `filesSelected` and opens it; it deletes itself when it is closed.
    """
    dialog = _dialog(parent, name, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    if filters:
        dialog.setNameFilters([*filters])
    return dialog


def folder_dialog(parent: QWidget | None, name: str, title: str) -> QFileDialog:
    """Return the same for a folder that is there."""
    dialog = _dialog(parent, name, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return dialog


def saving_dialog(
    parent: QWidget | None, name: str, title: str, kind: str, proposed: str, *, folder: str = ""
) -> QFileDialog:
    """Return the same for a file that is to be written, which is `proposed` ("answers.md") in `folder`, "" for Qt's.

    `kind` is the filter. It asks before it takes a file that is there, and adds the ending of `proposed` to a name
    without one.
    """
    dialog = _dialog(parent, name, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([kind])
    dialog.setDefaultSuffix(proposed.rpartition(".")[2])
    if folder:
        dialog.setDirectory(folder)
    dialog.selectFile(proposed)
    return dialog


def documents_folder() -> str:
    """Return where the person keeps documents, "" where the system does not say."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _dialog(parent: QWidget | None, name: str, title: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
