"""Buttons and words of dialogs: named for tests and screen readers, never read as rich text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QSizePolicy, QSpinBox, QWidget

from chatbot_app.ui.calm_fields import CalmSpinBox


def dialog_button(parent: QWidget, name: str, words: str) -> QPushButton:
    """Return a button that Return does not press: it belongs to what has the keyboard."""
    button = QPushButton(words, parent)
    button.setObjectName(name)
    button.setAccessibleName(words.removesuffix("…"))
    button.setAutoDefault(False)
    return button


def plain_label(parent: QWidget, name: str, words: str = "", *, shrinks: bool = False) -> QLabel:
    """Return a label that breaks its lines; one that `shrinks` asks for no width of its own."""
    label = QLabel(words, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if shrinks:
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)  # a new policy knows nothing of the lines
        label.setSizePolicy(policy)
    return label


def number_field(parent: QWidget, name: str, words: str, least: int, most: int, value: int) -> QSpinBox:
    """Return a field for a whole number."""
    spin = CalmSpinBox(parent)
    spin.setObjectName(name)
    spin.setAccessibleName(words)
    spin.lineEdit().setAccessibleName(words)
    spin.setRange(least, most)
    spin.setValue(value)
    return spin


def question_box(
    parent: QWidget,
    name: str,
    words: str,
    confirm: str,
    confirm_name: str,
    *,
    title: str = "",
    more: str = "",
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
    role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.DestructiveRole,
    refuse: str = "",
) -> tuple[QMessageBox, QPushButton]:
    """Return a question and the button that says yes to it; Return says no, in the words `refuse` or as Cancel.

    The caller opens it; it deletes itself when it is closed.
    """
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(icon)
    box.setWindowTitle(title)
    box.setText(words)
    box.setInformativeText(more)
    yes = box.addButton(confirm, role)
    yes.setObjectName(confirm_name)
    if refuse:
        box.setDefaultButton(box.addButton(refuse, QMessageBox.ButtonRole.RejectRole))
    else:
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    return box, yes
