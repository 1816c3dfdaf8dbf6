"""Files that are dropped onto any place of the window that has no use of its own for them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.chat.composer_edit import local_files


def is_model_file(path: Path) -> bool:
    """Whether a file is called like a model."""
    return path.suffix.lower() in (".gguf", ".onnx")


class FileDrops(QObject):
    """Takes them as the composer does."""

    def __init__(self, window: QWidget, composer: Composer) -> None:
        """The window owns it."""
        super().__init__(window)
        self._composer = composer
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A QDragEnterEvent is a QDropEvent.
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return False
        files = local_files(event.mimeData())
        if not files:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._composer.files_dropped.emit(files)
        return True
