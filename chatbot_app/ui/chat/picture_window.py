"""A picture at its full size, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.theme import em

_SHARE = 0.8  # of the screen, at most


class PictureWindow(QDialog):
    """Escape closes it; `save_requested` names the file that was chosen."""

    save_requested = Signal(str)

    def __init__(self, name: str, image: QImage, file_name: str, parent: QWidget | None = None) -> None:
        """`image` is null where the picture cannot be shown; `file_name` is proposed for saving, "" for none."""
        super().__init__(parent)
        self.setObjectName("picture_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = " ".join(visible_text(name).split())
        self.setWindowTitle(shown)
        self._file_name = file_name
        self.label = QLabel(self)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setAccessibleName(self.tr("Picture: {name}").format(name=shown))
        if image.isNull():
            self.label.setText(self.tr("This picture is damaged or gone: it cannot be shown."))
            self.label.setWordWrap(True)
        else:
            self.label.setPixmap(QPixmap.fromImage(image))
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(self.label)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        if file_name and not image.isNull():
            save = buttons.addButton(self.tr("Save as…"), QDialogButtonBox.ButtonRole.ActionRole)
            save.setObjectName("save_picture_button")
            save.clicked.connect(self._save)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        self._fit(image.size(), buttons.sizeHint().height())

    def _fit(self, picture: QSize, buttons: int) -> None:
        screen = QGuiApplication.primaryScreen().availableSize() * _SHARE
        wanted = picture + QSize(em(self, 3), em(self, 4) + buttons)
        least = QSize(em(self, 22), em(self, 12))
        self.resize(wanted.expandedTo(least).boundedTo(screen))

    @Slot()
    def _save(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the picture"))
        dialog.setObjectName("save_picture_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)  # asks before it takes a file that is there
        dialog.setDefaultSuffix(self._file_name.rpartition(".")[2])
        dialog.selectFile(self._file_name)
        dialog.fileSelected.connect(self.save_requested)
        dialog.open()
