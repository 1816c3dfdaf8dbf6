"""Larger, smaller and usual text in the View menu, under every key that people press for it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

STEP = 0.1
STAYS = "stays"  # property of an action whose effect is seen in every window


def add_text_size_actions(menu: QMenu, window: QWidget, changed: SignalInstance) -> None:
    """Add the three actions; `changed` is emitted with the step, 0 for the usual size."""
    # "+" stands above "=" on many keyboards and alone on others and on the numeric pad.
    for words, keys, step in (
        (
            QCoreApplication.translate("TextSize", "&Larger text"),
            ("Ctrl+=", "Ctrl++", "Ctrl+Shift+=", "Ctrl+Shift++"),
            STEP,
        ),
        (QCoreApplication.translate("TextSize", "S&maller text"), ("Ctrl+-", "Ctrl+_"), -STEP),
        (QCoreApplication.translate("TextSize", "&Usual text size"), ("Ctrl+0",), 0.0),
    ):
        action = QAction(words, window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setProperty(STAYS, True)
        action.triggered.connect(lambda _=False, by=step: changed.emit(by))
        menu.addAction(action)
