"""A short title for a conversation, asked from the model that answered in it."""

from __future__ import annotations

import re

from chatbot_app.chat.prompts import TITLE_REQUEST
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.text import first_words
from chatbot_app.llm.gateway import Gateway

LONGEST_EXCERPT = 1200  # characters of question and answer: enough for a topic, cheap for a slow model
LONGEST_TITLE = 60  # characters; what is longer is no title but an answer
TITLE_TOKENS = 24


async def ask_for_title(
    gateway: Gateway, settings: GenerationSettings, question: str, answer: str
) -> str | None:
    """Return a title, or None where the model gave nothing that could be one.

    Raises:
        AppError: the server could not answer.
    """
    connection = await gateway.open(settings)
    messages = [
        {"role": "user", "content": question[:LONGEST_EXCERPT]},
        {"role": "assistant", "content": answer[:LONGEST_EXCERPT]},
        {"role": "user", "content": TITLE_REQUEST},
    ]
    reply = await connection.client.complete(
        messages, connection.model, {"temperature": 0.0, "max_tokens": TITLE_TOKENS}
    )
    return usable_title(reply)


def usable_title(reply: str) -> str | None:
    """Return what of a model's reply can stand as a title: one short line without decoration, else None."""
    line = next((line for line in reply.strip().splitlines() if line.strip()), "")
    line = re.sub(r"^\W*(?:title|titel)\s*:\s*", "", line, flags=re.IGNORECASE)
    line = line.strip(" \t\"'“”„«»*_`#.:-–—")
    words = line.split()
    if not words or len(line) > LONGEST_TITLE or len(words) > 10:
        return None
    return first_words(line, LONGEST_TITLE)
