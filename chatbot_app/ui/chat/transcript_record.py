"""One message of a transcript."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot_app.core.messages import Message
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.model_check_line import Checking


@dataclass(slots=True)
class Record:
    """A message that was given, whether it is a widget now or not."""

    message: Message
    siblings: tuple[int, int] = (1, 1)
    checking: Checking | None = None  # by a model, now
    found: re.Pattern[str] | None = None  # what is marked in it
    view: MessageView | None = None
