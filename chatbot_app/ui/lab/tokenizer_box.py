"""Which tokenizer: a list of all that are known, and any file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.lab.tokenizer_choice import TokenizerChoice, choice_of_file, tokenizer_choices
from chatbot_app.llm.local.server_child import LocalEndpoint
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.file_dialogs import opening_dialog
from chatbot_app.ui.lab.token_words import choice_words
from chatbot_app.ui.theme import em
from chatbot_app.workers.lab_services import LabServices


class TokenizerBox(QWidget):
    """Emits `changed` when another tokenizer is chosen; models of this computer are read from the store first."""

    changed = Signal()

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.setObjectName("tokenizer_choice")
        self._choices = tokenizer_choices()
        self._box = ComboBox(self)
        self._box.setObjectName("tokenizer_box")
        self._box.setAccessibleName(self.tr("Tokenizer"))
        self._box.addItems([choice_words(choice) for choice in self._choices])
        self._box.setMinimumContentsLength(18)
        self._file = QPushButton(self.tr("From a file…"), self)
        self._file.setObjectName("tokenizer_file")
        self._file.setAccessibleName(self.tr("Tokenizer from a file"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        row.addWidget(self._box, 1)
        row.addWidget(self._file)
        self._box.currentIndexChanged.connect(self._tell)
        self._file.clicked.connect(self._ask_file)

    @property
    def choice(self) -> TokenizerChoice:
        """The chosen one."""
        return self._choices[max(0, self._box.currentIndex())]

    def choices(self) -> list[TokenizerChoice]:
        """Return all that can be chosen."""
        return list(self._choices)

    def choose(self, name: str) -> None:
        """Choose a tokenizer by its name; does nothing where there is none of it."""
        for place, choice in enumerate(self._choices):
            if choice.name == name:
                self._box.setCurrentIndex(place)

    def read_models(self) -> None:
        """Add the models of this computer that were added since."""
        house = self._services.house

        def served(model_id: str) -> LocalEndpoint | None:
            return house.engines.served(model_id) if model_id in house.running_models() else None

        self._services.run(
            lambda _: tokenizer_choices(house.models.list(), served), self._add, self._ignore, topic="models"
        )

    def add_file(self, path: Path) -> None:
        """Add the tokenizer of a file and choose it; whether it is one is seen when it is opened."""
        choice = choice_of_file(path)
        self._add([choice])
        self.choose(choice.name)

    def _add(self, choices: list[TokenizerChoice]) -> None:
        known = {choice.name for choice in self._choices}
        for choice in choices:
            if choice.name not in known:
                self._choices.append(choice)
                self._box.addItem(choice_words(choice))

    def _ignore(self, _: Notice) -> None:
        """Without the store there are the others."""

    @Slot(int)
    def _tell(self, _: int) -> None:
        self.changed.emit()

    @Slot()
    def _ask_file(self) -> None:
        kind = self.tr("Tokenizers (*.json *.gguf *.onnx)")
        dialog = opening_dialog(self, "tokenizer_dialog", self.tr("Open a tokenizer"), [kind])
        dialog.fileSelected.connect(self._add_chosen)
        dialog.open()

    @Slot(str)
    def _add_chosen(self, path: str) -> None:
        self.add_file(Path(path))
