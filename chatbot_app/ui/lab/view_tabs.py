"""The tabs of a page: they share the width where it is too small, and say their whole names."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QWidget


class ViewTabs(QTabWidget):
    """Tabs without buttons to scroll them; one whose name is cut has it as a tooltip."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        """`name` is the object name, `words` are announced."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabBar().setObjectName(f"{name}_bar")
        self.tabBar().setAccessibleName(self.tr("Views of {what}").format(what=words))

    def add(self, view: QWidget, words: str) -> None:
        """Add a tab."""
        self.setTabToolTip(self.addTab(view, words), words)
