"""What a message is called for those who hear it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from chatbot_app.core.messages import Message, Role
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text

LONGEST_NAME = 80  # characters of the words
LONGEST_DESCRIPTION = 4_000


def spoken_name(message: Message) -> str:
    """Return who speaks and how the message begins, or the names of its pictures where it has no words."""
    speaker = _tr("You") if message.role is Role.USER else _tr("Answer")
    said = message.text[:400] or ", ".join(one.name for one in pictures_of(message.metadata))
    return f"{speaker}: {first_words(visible_text(said), LONGEST_NAME)}"


def spoken_description(message: Message, found: str) -> str:
    """Return the words of a message, behind what the checks found of it."""
    return f"{found} {visible_text(message.text[:LONGEST_DESCRIPTION])}".strip()


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageView", text)
