"""Files that go with a model: one that can be chosen, and a list of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dropped_files import DroppedFiles
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.theme import em, set_look

_LINES = 3  # of the list; more are scrolled to


def choose_gguf(parent: QWidget, title: str, *, many: bool = False) -> QFileDialog:
    """Return a dialog that deletes itself; connect to its `fileSelected` or `filesSelected` and open it."""
    dialog = choose_model_file(parent, title, many=many)
    dialog.setNameFilters([dialog.tr("Model files (*.gguf *.GGUF)"), dialog.tr("All files (*)")])
    return dialog


def choose_model_file(parent: QWidget, title: str, *, many: bool = False) -> QFileDialog:
    """Return the same for models of every format, those that make vectors among them."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("model_file_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    mode = QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile
    dialog.setFileMode(mode)
    dialog.setNameFilters([dialog.tr("Model files (*.gguf *.GGUF *.onnx)"), dialog.tr("All files (*)")])
    return dialog


class PathField(QWidget):
    """The name of a file, "" for none; its whole path is the tooltip."""

    changed = Signal()  # by the person only

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._words = words
        self._shown = QLineEdit(self)
        self._shown.setObjectName(f"{name}_edit")
        self._shown.setAccessibleName(words)
        self._shown.setPlaceholderText(self.tr("None"))
        self._shown.setReadOnly(True)
        self._choose = QPushButton(self.tr("Choose…"), self)
        self._choose.setObjectName(f"{name}_choose")
        self._choose.setAccessibleName(self.tr("{what}: choose a file").format(what=words))
        self._choose.setAutoDefault(False)
        self._clear = IconButton(
            "close", self.tr("{what}: use none").format(what=words), f"{name}_clear", self
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.3))
        row.addWidget(self._shown, 1)
        row.addWidget(self._clear)
        row.addWidget(self._choose)
        self._choose.clicked.connect(self._ask)
        self._clear.clicked.connect(self._forget)
        DroppedFiles(self).dropped.connect(self._take_dropped)

    def path(self) -> str:
        """Return the path that is chosen."""
        return self._path

    def set_path(self, path: str) -> None:
        """Show a path, silently."""
        self._path = path
        self._shown.setText(visible_text(PurePath(path).name if path else ""))
        self._shown.setCursorPosition(0)
        self._shown.setToolTip(visible_text(path))
        self._clear.setEnabled(bool(path))

    @Slot()
    def _ask(self) -> None:
        dialog = choose_gguf(self, self._words)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    @Slot(str)
    def _take(self, path: str) -> None:
        self.set_path(path)
        self.changed.emit()

    @Slot(list)
    def _take_dropped(self, paths: list[Path]) -> None:
        self._take(str(paths[0]))

    @Slot()
    def _forget(self) -> None:
        self._take("")


class PathsField(QWidget):
    """Some files, each by its name."""

    changed = Signal()  # by the person only

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._list = QListWidget(self)
        self._list.setObjectName(f"{name}_list")
        self._list.setAccessibleName(words)
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self._list, "boxed")
        self._add = QPushButton(self.tr("Add…"), self)
        self._add.setObjectName(f"{name}_add")
        self._add.setAccessibleName(self.tr("{what}: add files").format(what=words))
        self._remove = QPushButton(self.tr("Remove"), self)
        self._remove.setObjectName(f"{name}_remove")
        self._remove.setAccessibleName(self.tr("{what}: remove the chosen file").format(what=words))
        for button in (self._add, self._remove):
            button.setAutoDefault(False)
        buttons = QVBoxLayout()
        buttons.setSpacing(em(self, 0.3))
        buttons.addWidget(self._add)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.3))
        row.addWidget(self._list, 1)
        row.addLayout(buttons)
        self._add.clicked.connect(self._ask)
        self._remove.clicked.connect(self._take_away)
        self._list.currentRowChanged.connect(self._allow)
        DroppedFiles(self).dropped.connect(self._take_dropped)
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Be as high as some lines."""
        self._list.setFixedHeight(em(self, 1.9) * _LINES)

    def paths(self) -> tuple[str, ...]:
        """Return the paths that are chosen."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in items)

    def set_paths(self, paths: Sequence[str]) -> None:
        """Show paths, silently."""
        self._list.clear()
        for path in paths:
            item = QListWidgetItem(visible_text(PurePath(path).name), self._list)
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setToolTip(visible_text(path))
        self._allow()

    @Slot()
    def _allow(self) -> None:
        self._remove.setEnabled(self._list.currentRow() >= 0)

    @Slot()
    def _ask(self) -> None:
        dialog = choose_gguf(self, self._words, many=True)
        dialog.filesSelected.connect(self._take)
        dialog.open()

    @Slot(list)
    def _take(self, paths: list[str]) -> None:
        self.set_paths(tuple(dict.fromkeys([*self.paths(), *paths])))
        self.changed.emit()

    @Slot(list)
    def _take_dropped(self, paths: list[Path]) -> None:
        self._take([str(path) for path in paths])

    @Slot()
    def _take_away(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            self.set_paths([path for place, path in enumerate(self.paths()) if place != row])
            self.changed.emit()
