"""How the rows of a data set are written: the form of a row, what is masked, how much is kept for a test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from chatbot_app.chat.made_data.exporting import MADE_FORMATS, MadeWish
from chatbot_app.chat.training_data.masking import masker
from chatbot_app.core.made_data import DataKind
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.dialog_parts import dialog_button, number_field
from chatbot_app.ui.rows_file import rows_file_dialog
from chatbot_app.ui.theme import set_look


class ExportRow(QWidget):
    """Says what is to be written where."""

    file_wanted = Signal(object)  # MadeWish

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = DataKind.BACKTRANSLATION
        self._format = ComboBox(self)
        self._format.setObjectName("making_format")
        self._format.setAccessibleName(self.tr("Form of a row"))
        self._mask = QCheckBox(self.tr("Mask addresses and numbers"), self)
        self._mask.setObjectName("making_mask")
        self._names = QLineEdit(self)
        self._names.setObjectName("making_names")
        self._names.setAccessibleName(self.tr("Names to mask"))
        self._names.setPlaceholderText(self.tr("Names to mask, with commas"))
        self._test = number_field(
            self,
            "making_test_share",
            self.tr("Share of rows kept for a test, whole documents at a time"),
            0,
            90,
            0,
        )
        self._test.setSuffix(" %")
        self._export = dialog_button(self, "making_export", self.tr("Export…"))
        set_look(self._export, "primary")
        self._export.clicked.connect(self._ask)
        words = QLabel(self.tr("Test"), self)
        words.setBuddy(self._test)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._format)
        row.addWidget(self._mask)
        row.addWidget(self._names, 1)
        row.addWidget(words)
        row.addWidget(self._test)
        row.addWidget(self._export)

    def offer(self, kind: DataKind) -> None:
        """Offer the forms of a kind."""
        self._kind = kind
        words = {
            "prompt-completion": self.tr("Prompt and completion (TRL)"),
            "openai": self.tr("Chats (OpenAI)"),
            "alpaca": self.tr("Instructions (Alpaca)"),
            "sharegpt": self.tr("Conversations (ShareGPT)"),
            "preferences": self.tr("Pairs (TRL)"),
            "openai-preferences": self.tr("Pairs (OpenAI)"),
        }
        names = list(MADE_FORMATS[kind])
        if [self._format.itemData(place) for place in range(self._format.count())] != names:
            self._format.clear()
            for name in names:
                self._format.addItem(words[name], name)

    def _wish(self, path: Path) -> MadeWish:
        names = [name for name in self._names.text().split(",") if name.strip()]
        masks = self._mask.isChecked() or bool(names)
        return MadeWish(
            MADE_FORMATS[self._kind][self._format.currentData()],
            path,
            self._test.value() / 100,
            mask=masker(names) if masks else None,
        )

    @Slot()
    def _ask(self) -> None:
        dialog = rows_file_dialog(self, "making_file_dialog", self.tr("Export the data set"), str(self._kind))
        dialog.fileSelected.connect(lambda chosen: self.file_wanted.emit(self._wish(Path(chosen))))
        dialog.open()
