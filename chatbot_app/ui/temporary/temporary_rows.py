"""The temporary conversations that are open, above the list of those that are kept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from chatbot_app.core.messages import Conversation
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.icons import RETINT_EVENTS, IconButton, icon
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.side_list import side_line
from chatbot_app.ui.temporary.temporary_actions import TemporaryActions
from chatbot_app.ui.theme import colors, em, set_look

_ROWS_SEEN = 4  # more are scrolled to: the list below is what a person has here


class TemporaryRows(QScrollArea):
    """A row for each; takes no room where there is none."""

    def __init__(self, actions: TemporaryActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._rows: dict[str, _Row] = {}
        self.setObjectName("temporary_rows")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.hide()

    def names(self) -> list[str]:
        """Return the ids of those that are shown, the newest first."""
        return list(reversed(self._rows))

    def show_conversation(self, conversation: Conversation) -> None:
        """Show a new one, above the others, or another title of one."""
        row = self._rows.get(conversation.id)
        if row is None:
            row = self._rows[conversation.id] = _Row(conversation.id, self._actions, self)
            self._column.insertWidget(0, row)
        row.button.set_title(conversation.title or self.tr("Temporary conversation"))
        self._fit()

    def remove(self, conversation_id: str) -> None:
        """Take a row away."""
        row = self._rows.pop(conversation_id, None)
        if row is not None:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._fit()

    def mark(self, conversation_id: str) -> None:
        """Mark the one that is open; "" marks none."""
        for name, row in self._rows.items():
            row.button.setChecked(name == conversation_id)
        if conversation_id in self._rows:
            self.ensureWidgetVisible(self._rows[conversation_id])

    def _fit(self) -> None:
        heights = [row.sizeHint().height() for row in self._rows.values()]
        self.setFixedHeight(sum(heights[:_ROWS_SEEN]))
        self.setVisible(bool(heights))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_rows"):
            self._fit()


class _Row(QWidget):
    """The way into one, and the way to close it."""

    def __init__(self, conversation_id: str, actions: TemporaryActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._conversation_id = conversation_id
        self._actions = actions
        self.button = _RowButton(self)
        close = IconButton(
            "close",
            self.tr("Close this temporary conversation"),
            "temporary_row_close_button",
            self,
            ink="muted",
            size=0.8,
        )
        line = side_line(self.button, close)
        line.setContentsMargins(0, 0, 0, 0)
        self.setLayout(line)
        self._delete = QAction(self.tr("Close"), self)
        self._delete.setShortcut(Qt.Key.Key_Delete)
        self._delete.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(self._delete)
        self.button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.button.customContextMenuRequested.connect(self._open_menu)
        self.button.clicked.connect(self._tell_open)
        close.clicked.connect(self._tell_close)
        self._delete.triggered.connect(self._tell_close)

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        menu = fresh_menu(self, "temporary_menu")
        ink, name, actions = colors(self).text, self._conversation_id, self._actions
        menu.addAction(
            icon("check", ink), self.tr("Keep this conversation"), lambda: actions.keep_requested.emit(name)
        )
        menu.addAction(icon("export", ink), self.tr("Export…"), lambda: actions.export_requested.emit(name))
        menu.addSeparator()
        menu.addAction(icon("close", ink), self.tr("Close"), lambda: actions.close_requested.emit(name))
        menu.popup(self.button.mapToGlobal(place))

    @Slot()
    def _tell_open(self) -> None:
        self.button.setChecked(True)
        self._actions.open_requested.emit(self._conversation_id)

    @Slot()
    def _tell_close(self) -> None:
        self._actions.close_requested.emit(self._conversation_id)


class _RowButton(QPushButton):
    """Shows as much of a title as there is room for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ""
        self.setObjectName("temporary_row_button")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_look(self, "row")
        self._tint()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title = visible_text(" ".join(title.split()))
        self.setAccessibleName(self.tr("Temporary conversation: {title}").replace("{title}", self._title))
        self.setToolTip(self._title)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - self.iconSize().width() - em(self, 1.0)
        text = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        self.setText(text.replace("&", "&&"))

    def _tint(self) -> None:
        self.setIcon(icon("temporary", colors(self).muted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_title"):
            self._tint()
