"""Files that a person drops: what they are, who takes them, and that no text field makes words of them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QEvent, QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QProxyStyle, QTextEdit, QWidget

# A QDragEnterEvent and a QDragMoveEvent are QDropEvents.
_KINDS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


def local_files(data: QMimeData) -> list[Path]:
    """Return the files of this machine that were dropped or copied; other addresses are left out."""
    return [_file_of(url) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def _file_of(url: QUrl) -> Path:
    if os.name != "posix":
        return Path(url.toLocalFile())
    # By its bytes: not every name is valid text, and QString would put signs of its own in their place.
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return Path(os.fsdecode(unquote_to_bytes(encoded)))


def pasted_image(data: QMimeData) -> QImage:
    """Return the picture that was dropped or copied; null where there is none."""
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) else QImage()


def is_model_file(path: Path) -> bool:
    """Whether a file is called like a model."""
    return path.suffix.lower() in (".gguf", ".onnx")


class DroppedFiles(QObject):
    """Takes the files that are dropped on a widget, or on a part of it that has no use of its own for them."""

    dropped = Signal(list)  # list[Path], never empty

    def __init__(self, widget: QWidget) -> None:
        """The widget owns it."""
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KINDS or not isinstance(event, QDropEvent):
            return False
        files = local_files(event.mimeData())
        if not files:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(files)
        return True


class _FieldsWithoutFiles(QObject):
    """Lets what lies behind a text field have the files that are held over it; words go into the field as ever."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KINDS or not isinstance(event, QDropEvent):
            return False
        if not local_files(event.mimeData()):
            return False
        # Qt asks the parent next, and its parent, up to the window.
        event.ignore()
        return True


class FieldStyle(QProxyStyle):
    """Fusion, with text fields that take no files: a file manager sends the path as words beside the file.

    Qt polishes every widget before it is first seen, those inside spin boxes and of Qt's own dialogs too, so that no
    field has to be made in a way of its own.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")
        self._filter = _FieldsWithoutFiles(self)

    def polish(self, polished: object) -> object:  # type: ignore[override]  # of Qt's three overloads, Python has one method
        if isinstance(polished, QLineEdit):
            polished.installEventFilter(self._filter)
        elif isinstance(polished, QPlainTextEdit | QTextEdit):
            polished.viewport().installEventFilter(self._filter)
        return super().polish(polished)  # type: ignore[call-overload]  # as above
