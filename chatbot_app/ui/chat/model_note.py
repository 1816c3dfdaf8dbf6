"""In the header of a conversation: that its model is a small one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from chatbot_app.ui.chat.small_model import short_name, warning_of
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.theme import colors, em, scale_font, set_look


class ModelNote(QWidget):
    """Hidden for any other model."""

    better_model_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model_note")
        self._label = QLabel(self)
        self._label.setObjectName("model_note_text")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._label, "warning")
        scale_font(self._label, 0.9)
        self._better = QPushButton(self.tr("Use a better model…"), self)
        self._better.setObjectName("header_better_model_button")
        self._better.setAccessibleName(self.tr("Use a better model"))
        self._better.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_look(self._better, "quiet")
        scale_font(self._better, 0.9)
        self._better.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.2))
        row.addWidget(self._label)
        row.addWidget(self._better)
        self._model = self._words = ""
        self._is_narrow = self._is_tiny = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.hide()

    def words(self) -> str:
        """Return what is said; "" while nothing is."""
        return "" if self.isHidden() else self._words

    def show_model(self, model: str | None, *, is_small: bool) -> None:
        """Name a small model; say nothing of any other."""
        self._model = short_name(model)
        warning = warning_of(model)
        self.setAccessibleName(warning)
        self._label.setToolTip(warning)
        self._better.setToolTip(warning)
        self._say()
        self.setVisible(is_small)

    def fit(self, room: int) -> None:
        """Take less room in a header that has `room` pixels for title and note."""
        steps = (room < em(self, 36), room < em(self, 26))
        if steps != (self._is_narrow, self._is_tiny):
            self._is_narrow, self._is_tiny = steps
            self._say()

    def _say(self) -> None:
        name = self._model or self.tr("The model")
        self._words = self.tr("{model}, very small").format(model=name)
        self._label.setText(self.tr("very small"))  # the name stands before it
        # Where there is room for one of them, the way out says both.
        self._label.setVisible(not self._is_narrow)
        words = self.tr("Very small model…") if self._is_narrow else self.tr("Use a better model…")
        self._better.setText("" if self._is_tiny else words)
        self._better.setIcon(icon("warning", colors(self).warning) if self._is_tiny else QIcon())
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_is_tiny"):
            self._say()

    @Slot()
    def _ask(self) -> None:
        self.better_model_requested.emit()
