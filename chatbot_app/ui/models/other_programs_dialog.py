"""Models of other programs: folders are offered, and looked into when the person says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.chat.model_keeper import FoundFile
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.other_programs import ModelFolder
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.models.model_words import DOT, one_line, short_facts
from chatbot_app.ui.theme import em, set_look

_FILE = Qt.ItemDataRole.UserRole


class OtherProgramsDialog(QDialog):
    """Tick folders, look, tick models, add: they are used where they lie."""

    look_requested = Signal(list)  # list[Path]: folders
    add_requested = Signal(list)  # list[Path]: files

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("other_programs_dialog")
        self.setWindowTitle(self.tr("Models of other programs"))
        self._boxes: dict[Path, QCheckBox] = {}
        intro = QLabel(
            self.tr(
                "Choose the folders to look into. Models are used where they lie, nothing is copied or moved."
            ),
            self,
        )
        intro.setWordWrap(True)
        set_look(intro, "muted")
        self._folders = QVBoxLayout()
        self._folders.setSpacing(em(self, 0.2))
        self._none = QLabel(self.tr("None of the usual folders is there. Choose one of your own."), self)
        self._none.setWordWrap(True)
        self._another = dialog_button(self, "other_folder_button", self.tr("Another folder…"))
        self._look = dialog_button(self, "look_button", self.tr("Look"))
        set_look(self._look, "primary")
        self._list = QListWidget(self)
        self._list.setObjectName("found_models_list")
        self._list.setAccessibleName(self.tr("Models that were found"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        set_look(self._list, "boxed")
        self._said = QLabel(self)
        self._said.setObjectName("other_programs_said")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        set_look(self._said, "muted")
        self._add = dialog_button(self, "add_found_button", self.tr("Add"))
        self._close = dialog_button(self, "other_programs_close", self.tr("Close"))
        first = QHBoxLayout()
        first.addWidget(self._another)
        first.addStretch(1)
        first.addWidget(self._look)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._close)
        last.addWidget(self._add)
        column = QVBoxLayout(self)
        margin = em(self, 0.9)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.6))
        column.addWidget(intro)
        column.addLayout(self._folders)
        column.addWidget(self._none)
        column.addLayout(first)
        column.addWidget(self._list, 1)
        column.addWidget(self._said)
        column.addLayout(last)
        self.resize(em(self, 40), em(self, 30))
        self._another.clicked.connect(self._ask_for_folder)
        self._look.clicked.connect(self._ask_to_look)
        self._add.clicked.connect(self._ask_to_add)
        self._close.clicked.connect(self.close)
        self._list.itemChanged.connect(self._allow)
        self._allow()

    def show_folders(self, folders: Sequence[ModelFolder]) -> None:
        """Offer these, ticked; those that were offered before stay as they are."""
        for folder in folders:
            self._offer(folder.path, f"{folder.program}{DOT}{visible_text(str(folder.path))}")

    def _offer(self, path: Path, words: str) -> None:
        if path in self._boxes:
            return
        box = QCheckBox(one_line(words).replace("&", "&&"), self)
        box.setObjectName(f"other_folder_{len(self._boxes)}")
        box.setAccessibleName(one_line(words))
        box.setToolTip(visible_text(str(path)))
        box.setChecked(True)
        box.toggled.connect(self._allow)
        self._boxes[path] = box
        self._folders.addWidget(box)
        self._none.hide()
        self._allow()

    def show_looking(self) -> None:
        """Say that folders are being looked into."""
        self._look.setEnabled(False)
        self._said.setText(self.tr("Looking…"))

    def show_found(self, found: Sequence[FoundFile], problem: str = "") -> None:
        """List what lies there; what is on the list already, or cannot be used, says so."""
        self._list.clear()
        for file in found:
            facts = (
                self.tr("on the list already") if file.is_listed else file.problem or short_facts(file.facts)
            )
            item = QListWidgetItem(f"{one_line(file.path.name)}{DOT}{one_line(facts)}", self._list)
            item.setToolTip(
                visible_text(str(file.path)) + ("\n" + visible_text(file.problem) if file.problem else "")
            )
            item.setData(_FILE, file)
            if file.is_usable:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked)
            else:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        usable = sum(file.is_usable for file in found)
        words = self.tr("No model files lie there.") if not found else ""
        if found:
            words = self.tr("{n} of {all} can be added.").format(n=usable, all=len(found))
        self._said.setText(problem or words)
        self._allow()

    def _chosen(self) -> list[Path]:
        items = [self._list.item(row) for row in range(self._list.count())]
        ticked = [item.data(_FILE) for item in items if item.checkState() == Qt.CheckState.Checked]
        return [file.path for file in ticked if isinstance(file, FoundFile)]

    @Slot()
    def _allow(self) -> None:
        self._look.setEnabled(any(box.isChecked() for box in self._boxes.values()))
        count = len(self._chosen())
        self._add.setEnabled(count > 0)
        words = self.tr("Add one model") if count == 1 else self.tr("Add {n} models").format(n=count)
        self._add.setText(words if count else self.tr("Add"))
        self._add.setAccessibleName(self._add.text())

    @Slot()
    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder with models"))
        dialog.setObjectName("other_folder_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._take_folder)
        dialog.open()

    @Slot(str)
    def _take_folder(self, name: str) -> None:
        self._offer(Path(name), visible_text(name))

    @Slot()
    def _ask_to_look(self) -> None:
        self.show_looking()
        self.look_requested.emit([path for path, box in self._boxes.items() if box.isChecked()])

    @Slot()
    def _ask_to_add(self) -> None:
        self.add_requested.emit(self._chosen())
        self.close()
