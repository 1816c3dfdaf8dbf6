"""Notices at the top of the chat pane: what happened, what to do next, and Undo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.core.errors import Action
from chatbot_app.ui.severity import Severity
from chatbot_app.ui.theme import em

if TYPE_CHECKING:
    from chatbot_app.core.messages import Notice
    from chatbot_app.ui.banner import Banner

UNDO_SECONDS = 10.0


class NoticeBar(QWidget):
    """A notice and an offer to undo, each at most once; takes no room while it has nothing to say."""

    action_requested = Signal(str)  # one of core.errors.Action's values
    choice_made = Signal(str, str)  # kind of the notice, key of the choice
    dismissed = Signal()
    undo_requested = Signal(str)  # the token given to show_undo

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bar")
        self._action = self._kind = ""
        self._token = ""
        self._undo_time = QTimer(self)
        self._undo_time.setSingleShot(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(em(self, 0.6), em(self, 0.4), em(self, 0.6), em(self, 0.2))
        self._column.setSpacing(em(self, 0.3))
        self._undo_time.timeout.connect(self.hide_undo)
        self.hide()

    @cached_property
    def _notice(self) -> Banner:
        notice = self._new_banner("notice")
        self._column.insertWidget(0, notice)
        notice.acted.connect(self._act)
        notice.chosen.connect(self._choose)
        notice.dismissed.connect(self._dismiss)
        return notice

    @cached_property
    def _undo(self) -> Banner:
        undo = self._new_banner("undo")
        self._column.addWidget(undo)
        undo.acted.connect(self._take_back)
        undo.dismissed.connect(self.hide_undo)
        return undo

    def _new_banner(self, name: str) -> Banner:
        # Made, and its code imported, when there is something to say: at most launches there is nothing.
        from chatbot_app.ui.banner import Banner

        return Banner(name, self)

    def show_notice(
        self,
        notice: Notice,
        severity: Severity = Severity.WARNING,
        choices: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Show a notice in place of the one before, with a button for each choice (key, words)."""
        self._action, self._kind = notice.action, notice.kind
        self._notice.offer(choices)
        self._notice.show_words(notice.summary, notice.next_step, self._label(notice.action), severity)
        self.show()

    def clear_notice(self, kind: str = "") -> None:
        """Take the notice away, for its cause is gone; with `kind`, only one of that kind."""
        if kind in ("", self._kind):
            self._hide("notice")

    def show_undo(self, text: str, seconds: float = UNDO_SECONDS, token: str = "") -> None:
        """Offer for some seconds to take back what `text` says was done."""
        self._token = token
        self._undo.show_words(text, "", self.tr("Undo"), Severity.INFO)
        self._undo_time.start(round(seconds * 1000))
        self.show()

    @Slot()
    def hide_undo(self) -> None:
        """End the offer."""
        self._undo_time.stop()
        self._hide("undo")

    def _label(self, action: str) -> str:
        return {
            Action.RETRY.value: self.tr("Try again"),
            Action.CONTINUE.value: self.tr("Continue"),
            Action.OPEN_SERVERS.value: self.tr("Open Servers…"),
            Action.OPEN_MODELS.value: self.tr("Open Models…"),
            Action.FETCH_MODELS.value: self.tr("Download"),
            Action.OPEN_SETTINGS.value: self.tr("Open Settings"),
            Action.SET_WINDOW.value: self.tr("Set window…"),
            Action.ADD_SERVER.value: self.tr("Add server"),
            Action.RESTORE_BACKUP.value: self.tr("Restore backup"),
            Action.COPY_DIAGNOSTICS.value: self.tr("Copy diagnostics"),
        }.get(action, "")

    @Slot()
    def _act(self) -> None:
        action = self._action
        self.clear_notice()
        self.action_requested.emit(action)

    @Slot(str)
    def _choose(self, key: str) -> None:
        kind = self._kind
        self.clear_notice()
        self.choice_made.emit(kind, key)

    @Slot()
    def _dismiss(self) -> None:
        self.clear_notice()
        self.dismissed.emit()

    @Slot()
    def _take_back(self) -> None:
        token = self._token
        self.hide_undo()
        self.undo_requested.emit(token)

    def _hide(self, name: str) -> None:
        made = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for banner in made:
            if banner.objectName() == name:
                banner.hide()
        self.setVisible(any(not banner.isHidden() for banner in made))
