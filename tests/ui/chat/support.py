"""What the tests of the transcript share."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.transcript import Transcript


def question(text: str, name: str = "q", **values: Any) -> Message:
    return Message(name, "c", None, 1, Role.USER, text, **values)


def answer(text: str, name: str = "a", **values: Any) -> Message:
    return Message(name, "c", "q", 2, Role.ASSISTANT, text, **values)


def streaming(name: str = "a") -> Message:
    return answer("", name, status=MessageStatus.STREAMING)


def long_conversation(count: int, first: int = 0) -> list[Message]:
    return [
        (question if n % 2 == 0 else answer)(f"Message number {n}.\n\n" + "Some words. " * 60, f"m{n}")
        for n in range(first, first + count)
    ]


def settle(qtbot: QtBot, transcript: Transcript) -> None:
    """Wait until everything that was given is drawn."""
    qtbot.waitUntil(lambda: transcript.is_settled, timeout=20_000)


def blocks(transcript: Transcript, name: str = "a") -> list[BlockView]:
    view = transcript.view_of(name)
    assert view is not None
    return view.body.block_views()


def shown_text(transcript: Transcript, name: str = "a") -> str:
    """Return what can be read in a message."""
    return "\n".join(text.plain_text() for block in blocks(transcript, name) for text in block.text_views())


def button(parent: QWidget, name: str) -> QAbstractButton:
    found = [one for one in parent.findChildren(QAbstractButton, name) if not one.isHidden()]
    assert found, f"no button {name}"
    return found[-1]
