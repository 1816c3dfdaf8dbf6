"""Presets: named sets of sampling parameters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QVBoxLayout, QWidget

from chatbot_app.core.generation import SAMPLING_FIELDS, GenerationSettings
from chatbot_app.core.presets import PRESETS, Preset
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, scale_font, set_look

LONGEST_NAME = 60


def preset_of(settings: GenerationSettings, name: str) -> Preset:
    """Return the sampling parameters that are set, under a name."""
    chosen = ((field, getattr(settings, field)) for field in SAMPLING_FIELDS)
    return Preset(name, tuple((field, value) for field, value in chosen if value is not None))


class PresetField(QWidget):
    """Choose, save and delete presets; shows by name the one that the settings agree with."""

    preset_chosen = Signal(object)  # Preset
    preset_saved = Signal(object)  # Preset
    preset_deleted = Signal(str)  # its name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets: tuple[Preset, ...] = PRESETS
        self._settings = GenerationSettings()
        label = QLabel(self.tr("Preset"), self)
        self.combo = NamedComboBox("preset_combo", self.tr("Preset"), self)
        self.combo.setPlaceholderText(self.tr("Custom"))
        label.setBuddy(self.combo)
        self.save_button = IconButton(
            "plus", self.tr("Save these parameters as a preset…"), "preset_save", self
        )
        self.delete_button = IconButton("trash", self.tr("Delete this preset"), "preset_delete", self)
        self._problem = QLabel(self)
        self._problem.setObjectName("preset_problem")
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        set_look(self._problem, "danger")
        scale_font(self._problem, 0.9)
        self._problem.hide()
        row = QHBoxLayout()
        row.setSpacing(em(self, 0.2))
        row.addWidget(self.combo, 1)
        row.addWidget(self.save_button)
        row.addWidget(self.delete_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.25))
        column.addWidget(label)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.combo.activated.connect(self._choose)
        self.save_button.clicked.connect(self._ask_name)
        self.delete_button.clicked.connect(self._delete)
        self._fill()

    def set_presets(self, presets: Sequence[Preset]) -> None:
        """Offer the person's own presets beside the built-in ones."""
        own = [preset for preset in presets if not preset.built_in]
        self._presets = (*PRESETS, *own)
        self._fill()

    def show_settings(self, settings: GenerationSettings) -> None:
        """Name the preset that the settings agree with."""
        self._settings = settings
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self._matching())
        self._show_state()

    def save_as(self, name: str) -> None:
        """Save the present parameters under a name, or say why not."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            problem = self.tr("A preset needs a name.")
        elif name.casefold() in {preset.name.casefold() for preset in PRESETS}:
            problem = self.tr("“{name}” is built in. Choose another name.").format(name=name)
        elif not preset_of(self._settings, name).parameters:
            problem = self.tr("No parameter is set yet: there is nothing to save.")
        else:
            problem = ""
            self.preset_saved.emit(preset_of(self._settings, name))
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _offered(self) -> tuple[Preset, ...]:
        return (Preset("", (), built_in=True), *self._presets)

    def _matching(self) -> int:
        present = dict(preset_of(self._settings, "").parameters)
        for row, preset in enumerate(self._offered()):
            if dict(preset.parameters) == present:
                return row
        return -1

    def _fill(self) -> None:
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for preset in self._offered():
                self.combo.addItem(preset.name or self.tr("Server defaults"), preset)
            self.combo.setCurrentIndex(self._matching())
        self._show_state()

    def _show_state(self) -> None:
        chosen = self.combo.currentData()
        self.delete_button.setEnabled(isinstance(chosen, Preset) and not chosen.built_in)

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._problem.hide()
        self.preset_chosen.emit(self._offered()[row])

    @Slot()
    def _ask_name(self) -> None:
        dialog = QInputDialog(self)
        dialog.setObjectName("preset_name_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Save preset"))
        dialog.setLabelText(self.tr("Name of the preset:"))
        dialog.textValueSelected.connect(self.save_as)
        dialog.open()

    @Slot()
    def _delete(self) -> None:
        chosen = self.combo.currentData()
        if isinstance(chosen, Preset) and not chosen.built_in:
            self.preset_deleted.emit(chosen.name)
