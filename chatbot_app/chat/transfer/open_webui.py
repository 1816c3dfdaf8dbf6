"""Reads Open WebUI's export: chats with a history of messages by id, in branches."""

from __future__ import annotations

import re
from typing import Any

from chatbot_app.chat.transfer import written_parts as written
from chatbot_app.chat.transfer.message_lists import written_content
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_moment, as_str, id_of
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LONGEST_TITLE, Reading
from chatbot_app.chat.transfer.turns import Origin, Turn, chain, conversation_of
from chatbot_app.core.carried import CarriedConversation
from chatbot_app.core.messages import MessageStatus, Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}
_OPENS = re.compile(r'<details type="reasoning"[^>\n]{0,400}>\s*(?:<summary>[^<\n]{0,400}</summary>)?')
_CLOSES = "</details>"
_MOST_TAGS = 100


def is_one(value: Any) -> bool:
    """Whether a value is a chat of Open WebUI, in its frame or without."""
    if not isinstance(value, dict):
        return False
    chat = value.get("chat") if isinstance(value.get("chat"), dict) else value
    return isinstance(as_dict(as_dict(chat).get("history")).get("messages"), dict) or (
        isinstance(value.get("chat"), dict) and isinstance(value["chat"].get("messages"), list)
    )


def read(value: dict[str, Any], reading: Reading) -> CarriedConversation | None:
    """Return the conversation; None, said in `reading`, where there is nothing in it."""
    chat = as_dict(value.get("chat")) or value
    history = as_dict(chat.get("history"))
    stored = as_dict(history.get("messages"))
    system = as_str(as_dict(chat.get("params")).get("system")) or as_str(chat.get("system"))
    turns = []
    for name, item in stored.items():
        turn = _turn(name, as_dict(item), reading)
        turns += [turn] if turn is not None else []
    if not stored:
        listed = [
            _turn(f"message {n}", as_dict(item), reading)
            for n, item in enumerate(as_list(chat.get("messages")))
        ]
        turns = chain(turn for turn in listed if turn is not None)
    title = as_str(value.get("title"), LONGEST_TITLE) or as_str(chat.get("title"), LONGEST_TITLE)
    created = as_moment(value.get("created_at")) or as_moment(chat.get("timestamp"))
    named = as_str(value.get("id"), LONGEST_NAME) or as_str(chat.get("id"), LONGEST_NAME)
    tags = [*as_list(as_dict(value.get("meta")).get("tags")), *as_list(chat.get("tags"))]
    names = [
        as_str(tag if isinstance(tag, str) else as_dict(tag).get("name"), 100) for tag in tags[:_MOST_TAGS]
    ]
    origin = Origin(
        "open-webui",
        named or id_of(created or title, turns[0].id if turns else ""),
        title,
        created,
        as_moment(value.get("updated_at")),
        system or None,
        as_str(history.get("currentId"), LONGEST_NAME) or None,
        value.get("pinned") is True,
        value.get("archived") is True,
        tuple(dict.fromkeys(" ".join(name.split()) for name in names if name.strip())),
    )
    return conversation_of(origin, turns, reading.left_out)


def _turn(name: str, item: dict[str, Any], reading: Reading) -> Turn | None:
    role = item.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        reading.left_out.add("Messages do not say who wrote them.")
        return None
    text, reasoning = _without_thoughts(written_content(item.get("content"), reading))
    for file in map(as_dict, as_list(item.get("files"))):
        called = as_str(file.get("name"), LONGEST_NAME)
        is_picture = file.get("type") == "image"
        mark = (
            written.picture(called, reading.left_out)
            if is_picture
            else written.attached(called, reading.left_out)
        )
        text = f"{mark}\n\n{text}"
    error = item.get("error")
    if error and not text:
        text = as_str(as_dict(error).get("content")) or as_str(error)
    return Turn(
        as_str(item.get("id"), LONGEST_NAME) or name[:LONGEST_NAME],
        as_str(item.get("parentId"), LONGEST_NAME) or None,
        _ROLES[role],
        text,
        reasoning,
        as_str(item.get("model"), LONGEST_NAME),
        as_moment(item.get("timestamp")),
        MessageStatus.INTERRUPTED if item.get("done") is False else MessageStatus.COMPLETE,
    )


def _without_thoughts(text: str) -> tuple[str, str]:
    """Return the words, and what the model thought, which stands among them in folds."""
    words, thoughts, place = [], [], 0
    while (opens := _OPENS.search(text, place)) is not None:
        closes = text.find(_CLOSES, opens.end())
        if closes < 0:
            break
        words.append(text[place : opens.start()])
        inner = text[opens.end() : closes].strip()
        thoughts.append("\n".join(re.sub(r"^(?:&gt;|>) ?", "", line) for line in inner.splitlines()))
        place = closes + len(_CLOSES)
    words.append(text[place:])
    return "".join(words).strip(), "\n\n".join(thoughts)
