"""Where the parts of an answer stand: thoughts, notes, words, sources and what is waited for, below each other."""

from __future__ import annotations

from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.message_content import MessageContent


def place_answer(content: MessageContent, width: int, look: Look) -> int:
    """Place the parts for a width, from the top of their message; return where they end, in pixels."""
    y = 0
    if content.arriving.thoughts is not None:
        y = put(content.arriving.thoughts, 0, y, width) + look.px(0.35)
    y = content.notes.place_above(y, width, look)
    height = 0 if content.notes.hides_words else content.body.height_for(width)
    content.body.setGeometry(0, y, width, height)
    y = content.notes.place_below(y + height, width, look)
    if content.sources is not None:
        top = y + (look.px(0.9) if height else 0)
        y = put(content.sources, 0, top, width)
        height = y - top
    if content.arriving.line is not None:
        y += look.px(0.4) if height else 0
        content.arriving.line.setGeometry(0, y, width, look.px(1.75))
        y += look.px(1.75)
    return y
