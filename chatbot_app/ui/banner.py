"""A notice as it is drawn: a line with an icon, a sentence, the next step and buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.icons import RETINT_EVENTS, IconButton, icon
from chatbot_app.ui.severity import Severity
from chatbot_app.ui.theme import colors, em, set_look

_NARROW = 22  # lines of text: below that the button stands under the words


_ICONS = {
    Severity.INFO: ("info", "accent"),
    Severity.SUCCESS: ("check", "success"),
    Severity.WARNING: ("warning", "warning"),
    Severity.DANGER: ("warning", "danger"),
}


class Banner(QFrame):
    """One line of the bar: icon, sentence, next step, a button and Close."""

    acted = Signal()
    chosen = Signal(str)  # the key of a choice
    dismissed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity = Severity.INFO
        self.setObjectName(name)
        self._choices: list[QPushButton] = []
        self._icon = QLabel(self)
        self._sentence = QLabel(self)
        self._next_step = QLabel(self)
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._sentence, self._next_step):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        self._sentence.setObjectName(f"{name}_sentence")
        self._next_step.setObjectName(f"{name}_next_step")
        set_look(self._next_step, "muted")
        self.action_button = QPushButton(self)
        self.action_button.setObjectName(f"{name}_action")
        self.close_button = IconButton("close", self.tr("Close this notice"), f"{name}_close", self, size=0.9)
        row = QHBoxLayout(self)
        row.setContentsMargins(em(self, 0.6), em(self, 0.35), em(self, 0.35), em(self, 0.35))
        row.setSpacing(em(self, 0.5))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(em(self, 0.4))
        self._middle.addLayout(words, 1)
        self._middle.addWidget(
            self.action_button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        )
        self._choice_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._choice_row.setSpacing(em(self, 0.4))
        self._choice_row.addStretch(1)
        inside = QVBoxLayout()
        inside.setSpacing(0)
        inside.addLayout(self._middle)
        inside.addLayout(self._choice_row)
        row.addLayout(inside, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.action_button.clicked.connect(self.acted)
        self.close_button.clicked.connect(self.dismissed)
        self.hide()

    def show_words(self, sentence: str, next_step: str, action: str, severity: Severity) -> None:
        """Show a sentence and, where they are not "", a next step and a button labelled `action`."""
        sentence, next_step = visible_text(sentence), visible_text(next_step)
        self._severity = severity
        self._sentence.setText(sentence)
        self._sentence.setAccessibleName(sentence)
        self._next_step.setText(next_step)
        self._next_step.setAccessibleName(next_step)
        self._next_step.setVisible(bool(next_step))
        self.action_button.setText(action)
        self.action_button.setAccessibleName(action)
        self.action_button.setVisible(bool(action))
        self.setAccessibleName(f"{sentence} {next_step}".strip())
        set_look(self, f"notice-{severity.value}")
        self._tint()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Show a button for each (key, words), instead of those shown before."""
        for old in self._choices:
            self._choice_row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._choices = []
        for key, words in choices:
            button = QPushButton(words, self)
            button.setObjectName(f"{self.objectName()}_choice_{key.replace('-', '_')}")
            button.setAccessibleName(words)
            button.setProperty("key", key)
            button.clicked.connect(self._choose)
            self._choice_row.insertWidget(len(self._choices), button, 0, Qt.AlignmentFlag.AlignLeft)
            self._choices.append(button)
        above = em(self, 0.3) if choices else 0
        self._choice_row.setContentsMargins(0, above, 0, above)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(str(self.sender().property("key")))

    def words(self) -> str:
        """Return what is shown, as one line."""
        return self.accessibleName()

    def _tint(self) -> None:
        name, ink = _ICONS[self._severity]
        side = em(self, 1.1)
        self._icon.setPixmap(icon(name, getattr(colors(self), ink)).pixmap(side, side))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < em(self, _NARROW)
        directions = QBoxLayout.Direction
        for layout in (self._middle, self._choice_row):
            layout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS:
            self._tint()
