"""Says above a temporary conversation that it is one and what that means, with the ways to keep and to close it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.icons import RETINT_EVENTS, IconButton, icon
from chatbot_app.ui.temporary.temporary_actions import TemporaryActions
from chatbot_app.ui.theme import colors, em, scale_font, set_look

_NARROW = 24  # lines of text: below that the button stands under the words


class TemporaryBar(QWidget):
    """Hidden while nothing temporary is open."""

    def __init__(self, actions: TemporaryActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._conversation_id = ""
        self._frame = QFrame(self)
        self._frame.setObjectName("temporary_bar")
        set_look(self._frame, "notice-info")
        self._icon = QLabel(self._frame)
        name = plain_label(self._frame, "temporary_name", self.tr("Temporary conversation"), shrinks=True)
        scale_font(name, 1.0, bold=True)
        meaning = self.tr(
            "Nothing of it is written to disk; it is gone when you close it or quit. Servers that you ask and documents"
            " that you add keep what they are given."
        )
        words = plain_label(self._frame, "temporary_meaning", meaning, shrinks=True)
        set_look(words, "muted")
        self._keep = dialog_button(self._frame, "temporary_keep_button", "")
        self._close = IconButton(
            "close",
            self.tr("Close this temporary conversation"),
            "temporary_close_button",
            self._frame,
            size=0.9,
        )
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(words)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(em(self, 0.5))
        self._middle.addLayout(texts, 1)
        self._middle.addWidget(self._keep, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(em(self, 0.6), em(self, 0.35), em(self, 0.35), em(self, 0.35))
        row.setSpacing(em(self, 0.5))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._middle, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(em(self, 0.6), em(self, 0.3), em(self, 0.6), em(self, 0.3))
        outside.addWidget(self._frame)
        self._frame.setAccessibleName(f"{name.text()}. {meaning}")
        self._keep.clicked.connect(self._tell_keep)
        self._close.clicked.connect(self._tell_close)
        self._tint()
        self.show_for("", empty=True, waiting=False)

    def show_for(self, conversation_id: str, *, empty: bool, waiting: bool) -> None:
        """Be about a temporary conversation: an `empty` one cannot be kept, one that is `waiting` is when its answer ends.

        "" hides the bar.
        """
        self._conversation_id = conversation_id
        words = self.tr("Kept when the answer ends") if waiting else self.tr("Keep this conversation")
        self._keep.setText(words)
        self._keep.setAccessibleName(words)
        self._keep.setEnabled(not waiting and not empty)
        self._keep.setToolTip(self.tr("There is nothing to keep yet.") if empty else "")
        self.setVisible(bool(conversation_id))

    @Slot()
    def _tell_keep(self) -> None:
        self._actions.keep_requested.emit(self._conversation_id)

    @Slot()
    def _tell_close(self) -> None:
        self._actions.close_requested.emit(self._conversation_id)

    def _tint(self) -> None:
        side = em(self, 1.2)
        self._icon.setPixmap(icon("temporary", colors(self).accent).pixmap(side, side))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < em(self, _NARROW)
        directions = QBoxLayout.Direction
        self._middle.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS:
            self._tint()
