"""Copies of conversations, made where the list asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.messages import Conversation, Notice
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.chat.conversation_copies import ConversationCopier


class DuplicationController(QObject):
    """Opens a copy that was made alone, and says how many were made where there are more."""

    def __init__(
        self,
        conversation_list: ConversationList,
        notice_bar: NoticeBar,
        chat: ChatController,
        copier: Callable[[], ConversationCopier],
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """`runner` is one for what has time: a long conversation takes seconds."""
        super().__init__(parent)
        self._list = conversation_list
        self._notice_bar = notice_bar
        self._chat = chat
        self._copier = copier
        self._runner = runner
        conversation_list.wishes.duplication_requested.connect(self._duplicate)

    @Slot(list)
    def _duplicate(self, names: list[str]) -> None:
        title = self.tr("{title} (copy)")

        def duplicate() -> list[Conversation]:
            return self._copier().duplicate(
                names, lambda original: title.replace("{title}", original).strip()
            )

        self._runner.run(duplicate, self._show, self._complain)

    def _show(self, copies: list[Conversation]) -> None:
        if not copies:
            self._complain(ConversationGone().notice())
            return
        for copy in reversed(copies):
            self._list.upsert(copy)
        if len(copies) == 1:
            self._chat.open(copies[0].id)
        else:
            words = self.tr("%n conversations were copied.", "", len(copies))
            self._notice_bar.show_notice(Notice("Duplicated", words), Severity.INFO)

    def _complain(self, notice: Notice) -> None:
        self._notice_bar.show_notice(notice)
