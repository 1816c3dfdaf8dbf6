"""Reads lists of messages in OpenAI's form, one a line or a file, and in ShareGPT's, as data sets hold them."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from chatbot_app.chat.transfer import written_parts as written
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_moment, as_str, id_of
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LONGEST_TITLE, Reading
from chatbot_app.chat.transfer.turns import Origin, Turn, conversation_of
from chatbot_app.core.carried import CarriedConversation
from chatbot_app.core.messages import Role

_ROLES = {
    "user": Role.USER,
    "human": Role.USER,
    "assistant": Role.ASSISTANT,
    "gpt": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "tool": Role.ASSISTANT,
    "function": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
}
_DATA_ADDRESS = re.compile(r"!\[([^\]\n]{0,400})\]\(data:[^)\s]*\)")


def is_message(value: Any) -> bool:
    """Whether a value is one message of a list."""
    if not isinstance(value, dict):
        return False
    role = value.get("role", value.get("from"))
    return (
        isinstance(role, str) and role in _ROLES and bool({"content", "value", "tool_calls"} & value.keys())
    )


def is_one(value: Any) -> bool:
    """Whether a value is a list of messages, or holds one."""
    items = _list_in(value)
    return bool(items) and any(map(is_message, items[:100]))


def read(value: Any, reading: Reading) -> CarriedConversation | None:
    """Return the conversation; None, said in `reading`, where there is nothing in it."""
    head = as_dict(value)
    turns: list[Turn] = []
    system: list[str] = []
    above = ""
    for item in _list_in(value):
        if not is_message(item):
            reading.left_out.add("Messages have no readable content.")
            continue
        role = _ROLES[item.get("role", item.get("from"))]
        text = _words(item, reading)
        if role is Role.SYSTEM:
            if turns:
                reading.left_out.add("Instructions stand in the middle of a conversation.")
            elif text:
                system.append(text)
            continue
        above = sha256(f"{above}\n{role}\n{text}".encode("utf-8", "replace")).hexdigest()
        turns.append(
            Turn(
                above,
                turns[-1].id if turns else None,
                role,
                text,
                as_str(item.get("reasoning_content")) or as_str(item.get("reasoning")),
                as_str(item.get("model"), LONGEST_NAME) or as_str(head.get("model"), LONGEST_NAME),
                as_moment(item.get("created_at")) or as_moment(item.get("timestamp")),
            )
        )
    named = next(
        (as_str(head.get(name), LONGEST_NAME) for name in ("id", "conversation_id") if head.get(name)), ""
    )
    if not named:
        begins = id_of("\n".join(system), turns[0].text if turns else "")
        reading.seen[begins] += 1  # the same beginning may stand in a file more than once
        named = f"{begins} {reading.seen[begins]}"
    origin = Origin(
        "messages",
        named,
        as_str(head.get("title"), LONGEST_TITLE),
        as_moment(head.get("created_at")) or as_moment(head.get("created")),
        as_moment(head.get("updated_at")),
        "\n\n".join(system) or None,
        turns[-1].id if turns else None,
    )
    return conversation_of(origin, turns, reading.left_out)


def written_content(content: Any, reading: Reading) -> str:
    """Return the words of a message's content: a text, or parts of which some are texts."""
    if isinstance(content, str):
        text, pictures = _DATA_ADDRESS.subn(r"*Picture \1*", as_str(content))
        reading.left_out.add(written.PICTURES, pictures)
        return text
    texts = []
    for part in as_list(content):
        if isinstance(part, str):
            texts.append(as_str(part))
            continue
        kind = as_str(as_dict(part).get("type"), LONGEST_NAME)
        text = as_str(as_dict(part).get("text")) or as_str(as_dict(part).get("refusal"))
        if text:
            texts.append(text)
        elif "image" in kind:
            texts.append(written.picture("", reading.left_out))
        elif "audio" in kind:
            reading.left_out.add(written.RECORDINGS)
        else:
            reading.left_out.add(written.UNKNOWN)
    return "\n\n".join(texts)


def _words(item: dict[str, Any], reading: Reading) -> str:
    text = written_content(item.get("content", item.get("value")), reading)
    role = item.get("role", item.get("from"))
    if role in ("tool", "function") and text:
        text = written.result_of(as_str(item.get("name"), LONGEST_NAME) or "the tool", text)
    calls = []
    for call in map(as_dict, as_list(item.get("tool_calls"))):
        function = as_dict(call.get("function"))
        name = as_str(function.get("name"), LONGEST_NAME) or "a tool"
        calls.append(written.call_of(name, function.get("arguments"), "json"))
    return "\n\n".join(filter(None, (text, *calls)))


def _list_in(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    for name in ("messages", "conversations"):
        if isinstance(as_dict(value).get(name), list):
            return as_list(value[name])
    return []
