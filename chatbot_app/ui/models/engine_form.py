"""How a model of this computer is run; every field names what it is without a choice."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.local_models import CACHE_TYPES, EngineSettings, LocalModel
from chatbot_app.ui.calm_fields import CalmSpinBox
from chatbot_app.ui.models.path_fields import PathField, PathsField
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, scale_font, set_look

TYPING_PAUSE_MS = 400
_WINDOW_LEAST, _WINDOW_STEP, _WINDOW_MOST = 512, 512, 4_194_304  # tokens
_LAYERS_MOST, _THREADS_MOST = 999, 512
_TEMPLATE_LINES = 4


class _AutomaticSpin(CalmSpinBox):
    """A whole number; the value below its least is automatic."""

    def __init__(self, name: str, words: str, least: int, most: int, step: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._least = least
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(least - 1 if step == 1 else least - step, most)
        self.setSingleStep(step)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lineEdit().setAccessibleName(words)
        self.lineEdit().setTextMargins(em(self, 0.3), 0, 0, 0)
        self.name_default("")

    def name_default(self, words: str) -> None:
        """Say what automatic is."""
        automatic = self.tr("Automatic")
        self.setSpecialValueText(
            self.tr("{auto} ({what})").format(auto=automatic, what=words) if words else automatic
        )

    def set_number(self, number: int | None) -> None:
        """Show a number, None for automatic, silently."""
        with QSignalBlocker(self):
            self.setValue(self.minimum() if number is None else number)

    def number(self) -> int | None:
        """Return the number, None for automatic."""
        return None if self.value() < self._least else self.value()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class EngineForm(QWidget):
    """Shows the settings of one model and tells when the person changed them, after a pause."""

    changed = Signal(str, object)  # model id, EngineSettings; by the person only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("engine_form")
        self._model_id = ""
        self._settings = EngineSettings()
        self._is_written = False  # and not told of yet
        self.context = _AutomaticSpin(
            "engine_context", self.tr("Window in tokens"), _WINDOW_LEAST, _WINDOW_MOST, _WINDOW_STEP, self
        )
        self.gpu_layers = _AutomaticSpin(
            "engine_gpu_layers", self.tr("Layers on the graphics processor"), 0, _LAYERS_MOST, 1, self
        )
        self.threads = _AutomaticSpin("engine_threads", self.tr("Threads"), 1, _THREADS_MOST, 1, self)
        self.gpu_layers.name_default(self.tr("as many as fit"))
        self.flash_attention = self._switch(
            "engine_flash_attention", self.tr("Flash attention"), self.tr("Automatic (where the engine can)")
        )
        self.cache_type = NamedComboBox("engine_cache_type", self.tr("Keys and values"), self)
        self.cache_type.addItem(self.tr("Automatic (f16)"), "")
        for kind in CACHE_TYPES:
            self.cache_type.addItem(kind, kind)
        self.ngram = self._switch(
            "engine_ngram", self.tr("Guess ahead from the text (n-grams)"), self.tr("Automatic (off)")
        )
        self.projector = PathField("engine_projector", self.tr("Projector for pictures"), self)
        self.loras = PathsField("engine_loras", self.tr("LoRA files"), self)
        self.template = QPlainTextEdit(self)
        self.template.setObjectName("engine_template")
        self.template.setAccessibleName(self.tr("Chat template"))
        self.template.setPlaceholderText(self.tr("The one in the file"))
        self.template.setTabChangesFocus(True)
        self.reset = QPushButton(self.tr("Reset"), self)
        self.reset.setObjectName("engine_reset")
        self.reset.setAccessibleName(self.tr("Reset to automatic"))
        self.reset.setAutoDefault(False)
        self._note = QLabel(
            self.tr("Changes count from the next question on: the model is then loaded again."), self
        )
        self._note.setWordWrap(True)
        set_look(self._note, "muted")
        scale_font(self._note, 0.9)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._build()
        self._connect()

    def _switch(self, name: str, words: str, automatic: str) -> NamedComboBox:
        box = NamedComboBox(name, words, self)
        for title, value in ((automatic, None), (self.tr("On"), True), (self.tr("Off"), False)):
            box.addItem(title, value)
        return box

    def _build(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(em(self, 0.45))
        form.setHorizontalSpacing(em(self, 0.8))
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Window"), self.context)
        form.addRow(self.tr("GPU layers"), self.gpu_layers)
        form.addRow(self.tr("Threads"), self.threads)
        form.addRow(self.tr("Flash attention"), self.flash_attention)
        form.addRow(self.tr("Keys and values"), self.cache_type)
        form.addRow(self.tr("Guess ahead"), self.ngram)
        form.addRow(self.tr("Projector"), self.projector)
        form.addRow(self.tr("LoRA files"), self.loras)
        form.addRow(self.tr("Chat template"), self.template)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addLayout(form)
        column.addWidget(self._note)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Be as high as the lines."""
        self.template.setFixedHeight(
            self.template.fontMetrics().lineSpacing() * _TEMPLATE_LINES + em(self, 0.8)
        )

    def _connect(self) -> None:
        for spin in (self.context, self.gpu_layers, self.threads):
            spin.valueChanged.connect(self._written)
        for box in (self.flash_attention, self.cache_type, self.ngram):
            box.currentIndexChanged.connect(self._written)
        self.projector.changed.connect(self._written)
        self.loras.changed.connect(self._written)
        self.template.textChanged.connect(self._written)
        self.reset.clicked.connect(self._reset)
        self._pause.timeout.connect(self.flush)

    def show_model(self, model: LocalModel, context: int | None, threads: int | None) -> None:
        """Show the settings of a model, silently; the numbers are what automatic is here, None where not known."""
        if model.id != self._model_id:
            self.flush()
        elif self._is_written:
            return  # what is being written is newer
        self._model_id, self._settings = model.id, model.settings
        self.context.name_default(QLocale().toString(context) if context else "")
        self.threads.name_default(str(threads) if threads else "")
        self.gpu_layers.setMaximum(max(model.facts.layers + 1, 1) if model.facts.layers else _LAYERS_MOST)
        self._show(model.settings)

    def _show(self, settings: EngineSettings) -> None:
        self.context.set_number(settings.context)
        self.gpu_layers.set_number(settings.gpu_layers)
        self.threads.set_number(settings.threads)
        for box, value in (
            (self.flash_attention, settings.flash_attention),
            (self.cache_type, settings.cache_type),
            (self.ngram, settings.ngram_speculation),
        ):
            with QSignalBlocker(box):
                box.setCurrentIndex(next(row for row in range(box.count()) if box.itemData(row) == value))
        self.projector.set_path(settings.projector)
        self.loras.set_paths(settings.loras)
        if self.template.toPlainText() != settings.chat_template:
            with QSignalBlocker(self.template):
                self.template.setPlainText(settings.chat_template)
        self.reset.setEnabled(settings != EngineSettings())

    def settings(self) -> EngineSettings:
        """Return what is written."""
        template = self.template.toPlainText()
        return replace(
            self._settings,
            context=self.context.number(),
            gpu_layers=self.gpu_layers.number(),
            threads=self.threads.number(),
            flash_attention=self.flash_attention.currentData(),
            cache_type=self.cache_type.currentData(),
            ngram_speculation=self.ngram.currentData(),
            projector=self.projector.path(),
            loras=self.loras.paths(),
            chat_template=template if template.strip() else "",
        )

    @Slot()
    def _written(self) -> None:
        self._is_written = True
        self.reset.setEnabled(self.settings() != EngineSettings())
        self._pause.start()

    @Slot()
    def _reset(self) -> None:
        self._show(EngineSettings())
        self._is_written = True
        self.flush()

    @Slot()
    def flush(self) -> None:
        """Tell of a change at once that would be told of after a pause."""
        self._pause.stop()
        was_written, self._is_written = self._is_written, False
        settings = self.settings()
        if was_written and settings != self._settings:
            self._settings = settings
            self.changed.emit(self._model_id, settings)
