"""Where passages are shown: in their panel, or in a window of their own that keeps its size."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.ui.panel_actions import bring_forward
from chatbot_app.ui.shared_keys import SharedKeys
from chatbot_app.ui.theme import em


class PassageWindow(QWidget):
    """A top-level window around the viewer; it belongs to the main window and goes with it."""

    closed = Signal()

    def __init__(self, parent: QMainWindow) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("passage_window")
        self.setWindowTitle(self.tr("Passage"))
        self.setAccessibleName(self.tr("Passage"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.resize(em(self, 54), em(self, 60))
        SharedKeys(parent, self)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Close) or event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)


class PassagePlace(QObject):
    """Keeps one viewer, and moves it between the dock and its window."""

    def __init__(self, dock: QDockWidget, window: QMainWindow) -> None:
        super().__init__(window)
        self._dock = dock
        self._main = window
        self._own: PassageWindow | None = None
        self._geometry = QByteArray()  # of the window of its own, also before there is one
        self._viewer: PassageViewer | None = None
        dock.visibilityChanged.connect(self._fill)

    @property
    def own_window(self) -> QWidget | None:
        """The window of its own, None while the viewer is in its panel."""
        return self._own if self._own is not None and self._own.isVisible() else None

    def viewer(self) -> PassageViewer:
        """Return the viewer, made when it is first asked for."""
        if self._viewer is None:
            self._viewer = PassageViewer(self._dock)
            self._viewer.detach_toggled.connect(self._move)
            self._dock.setWidget(self._viewer)
        return self._viewer

    def show(self) -> PassageViewer:
        """Bring the viewer to the front, wide enough to read, and return it."""
        viewer = self.viewer()
        if self.own_window is not None:
            self.own_window.raise_()
            self.own_window.activateWindow()
            return viewer
        bring_forward(self._dock)
        wanted = min(em(self._main, 30), self._main.width() // 2)
        if self._dock.width() < wanted:
            self._main.resizeDocks([self._dock], [wanted], Qt.Orientation.Horizontal)
        return viewer

    def geometry(self) -> QByteArray:
        """Return where the window of its own stands and how large it is; empty where it was never opened."""
        return self._own.saveGeometry() if self._own is not None else self._geometry

    def set_geometry(self, geometry: QByteArray) -> None:
        """Take over what `geometry` returned at another time."""
        self._geometry = geometry

    def close(self) -> None:
        """Close the window of its own."""
        if self.own_window is not None:
            self.own_window.close()

    @Slot(bool)
    def _fill(self, is_shown: bool) -> None:
        if is_shown:
            self.viewer()

    @Slot(bool)
    def _move(self, out: bool) -> None:
        if not out:
            self.close()
            bring_forward(self._dock)
            return
        viewer = self.viewer()
        if self._own is None:
            self._own = PassageWindow(self._main)
            self._own.closed.connect(self._take_back)
            self._own.restoreGeometry(self._geometry)
        layout = self._own.layout()
        assert layout is not None
        layout.addWidget(viewer)
        viewer.set_detached(True)
        viewer.show()
        self._dock.hide()
        self._own.show()
        self._own.raise_()
        self._own.activateWindow()
        viewer.page_view.setFocus()

    @Slot()
    def _take_back(self) -> None:
        viewer = self.viewer()
        viewer.set_detached(False)
        self._dock.setWidget(viewer)
