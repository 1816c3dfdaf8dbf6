"""Hands and eyes for a window that nobody sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.application import Application
from chatbot_app.core.messages import Message, Role
from chatbot_app.ui.chat.transcript import Transcript

W = TypeVar("W", bound=QObject)

ANSWER_MS = 170_000  # the built-in model while another test keeps both cores busy


class Person:
    """Uses a window as a person does: types, clicks, reads."""

    def __init__(self, application: Application, qtbot: QtBot) -> None:
        self.application = application
        self.qtbot = qtbot

    def find(self, kind: type[W], name: str) -> W:
        found = self.application.window.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def transcript(self) -> Transcript:
        return self.application.window.chat_pane.transcript

    @property
    def composer(self) -> QTextEdit | QPlainTextEdit:
        return self.find(QWidget, "composer")  # type: ignore[return-value]

    def type_and_send(self, text: str) -> None:
        self.qtbot.keyClicks(self.composer, text)
        self.qtbot.keyClick(self.composer, Qt.Key.Key_Return)

    def click(self, name: str) -> None:
        self.qtbot.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)

    def messages(self) -> list[Message]:
        """The shown branch, as the store holds it."""
        conversation_id = self.application.controllers.chat.conversation_id
        if conversation_id is None:
            return []
        return self.application.services.conversations.path(conversation_id)

    def answers(self) -> list[Message]:
        return [message for message in self.messages() if message.role is Role.ASSISTANT]

    def wait_until_idle(self, timeout: int = ANSWER_MS) -> None:
        chat = self.application.controllers.chat
        self.qtbot.waitUntil(lambda: not chat.is_answering(chat.conversation_id), timeout=timeout)

    def ask(self, text: str) -> Message:
        """Ask and wait for the whole answer."""
        before = len(self.answers())
        self.type_and_send(text)
        self.qtbot.waitUntil(lambda: len(self.answers()) > before, timeout=ANSWER_MS)
        self.wait_until_idle()
        return self.answers()[-1]


Launch = Callable[..., Person]
