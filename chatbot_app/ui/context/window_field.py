"""A field to name a model's window, for servers that do not say it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from chatbot_app.ui.calm_fields import CalmSpinBox
from chatbot_app.ui.theme import em

SMALLEST, LARGEST = 256, 10_000_000  # tokens


class WindowField(QWidget):
    """ "This model's window: [ ] tokens" with a button that keeps it, and one that forgets it."""

    window_named = Signal(int)  # tokens
    window_forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(self.tr("This model's window:"), self)
        self._spin = CalmSpinBox(self)
        self._spin.setObjectName("window_spin")
        self._spin.setAccessibleName(self.tr("This model's window, in tokens"))
        self._spin.lineEdit().setAccessibleName(self._spin.accessibleName())
        # The style sheet's padding does not reach the field inside a spin box.
        self._spin.lineEdit().setTextMargins(em(self, 0.3), 0, 0, 0)
        self._spin.setRange(SMALLEST, LARGEST)
        self._spin.setSingleStep(1024)
        self._spin.setGroupSeparatorShown(True)
        self._spin.setSuffix(self.tr(" tokens"))
        self._spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        label.setBuddy(self._spin)
        self._keep = QPushButton(self.tr("Use this window"), self)
        self._keep.setObjectName("name_window_button")
        self._keep.setAccessibleName(self._keep.text())
        self._keep.setAutoDefault(False)
        self._forget = QPushButton(self.tr("Forget it"), self)
        self._forget.setObjectName("forget_window_button")
        self._forget.setAccessibleName(self.tr("Forget the window that you named"))
        self._forget.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.5))
        for widget in (label, self._spin, self._keep, self._forget):
            row.addWidget(widget)
        row.addStretch(1)
        self._keep.clicked.connect(self._name)
        self._forget.clicked.connect(self.window_forgotten)

    def show_window(self, tokens: int, *, named: bool) -> None:
        """Show a window; a number that is being typed stays."""
        if not self._spin.hasFocus():
            self._spin.setValue(tokens)
        self._forget.setVisible(named)

    def focus_number(self) -> None:
        """Put the cursor into the number, all of it selected."""
        self._spin.setFocus(Qt.FocusReason.OtherFocusReason)
        self._spin.selectAll()

    @Slot()
    def _name(self) -> None:
        self._spin.interpretText()
        self.window_named.emit(self._spin.value())
