"""Reads Claude's export: conversations with messages of blocks, in branches where they say what they follow."""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.transfer import written_parts as written
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_moment, as_str, id_of
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LONGEST_TITLE, Reading
from chatbot_app.chat.transfer.turns import Origin, Turn, chain, conversation_of
from chatbot_app.core.carried import CarriedConversation
from chatbot_app.core.messages import Role

_ROLES = {"human": Role.USER, "user": Role.USER, "assistant": Role.ASSISTANT}
_ABOVE = "parent_message_uuid"


def is_one(value: Any) -> bool:
    """Whether a value is a conversation of Claude."""
    return isinstance(value, dict) and isinstance(value.get("chat_messages"), list)


def read(value: dict[str, Any], reading: Reading) -> CarriedConversation | None:
    """Return the conversation; None, said in `reading`, where there is nothing in it."""
    items = [item for item in value["chat_messages"] if isinstance(item, dict)]
    reading.left_out.add("Messages have no readable content.", len(value["chat_messages"]) - len(items))
    turns = []
    for number, item in enumerate(items):
        sender = item.get("sender")
        if not isinstance(sender, str) or sender not in _ROLES:
            reading.left_out.add("Messages do not say who wrote them.")
            continue
        text, reasoning = _words(item, reading)
        turns.append(
            Turn(
                as_str(item.get("uuid"), LONGEST_NAME) or f"message {number}",
                as_str(item.get(_ABOVE), LONGEST_NAME) or None,
                _ROLES[sender],
                text,
                reasoning,
                as_str(item.get("model"), LONGEST_NAME),
                as_moment(item.get("created_at")),
            )
        )
    known = {turn.id for turn in turns}
    if not any(turn.parent_id in known for turn in turns):
        turns = chain(turns)
    title = as_str(value.get("name"), LONGEST_TITLE)
    created = as_moment(value.get("created_at"))
    named = as_str(value.get("uuid"), LONGEST_NAME)
    shown = as_str(value.get("current_leaf_message_uuid"), LONGEST_NAME)
    origin = Origin(
        "claude",
        named or id_of(created or title, turns[0].text if turns else ""),
        title,
        created,
        as_moment(value.get("updated_at")),
        shown_id=shown or (turns[-1].id if turns else None),
        pinned=value.get("is_starred") is True,
    )
    return conversation_of(origin, turns, reading.left_out)


def _words(item: dict[str, Any], reading: Reading) -> tuple[str, str]:
    """Return the words of a message, and what the model thought."""
    texts, thoughts = [], []
    for attachment in map(as_dict, as_list(item.get("attachments"))):
        name = as_str(attachment.get("file_name"), LONGEST_NAME) or "?"
        texts.append(written.attached(name, reading.left_out, as_str(attachment.get("extracted_content"))))
    for file in map(as_dict, as_list(item.get("files"))):
        texts.append(written.attached(as_str(file.get("file_name"), LONGEST_NAME) or "?", reading.left_out))
    blocks = [block for block in as_list(item.get("content")) if isinstance(block, dict)]
    words = []
    for block in blocks:
        match block.get("type"):
            case "text":
                words.append(as_str(block.get("text")))
            case "thinking":
                thoughts.append(as_str(block.get("thinking")))
            case "tool_use":
                tool = as_str(block.get("name"), LONGEST_NAME) or "a tool"
                words.append(written.call_of(tool, block.get("input"), "json"))
            case "tool_result":
                tool = as_str(block.get("name"), LONGEST_NAME) or "the tool"
                words += [
                    written.result_of(tool, as_str(inner.get("text")))
                    for inner in map(as_dict, as_list(block.get("content")))
                    if as_str(inner.get("text"))
                ]
            case "image":
                words.append(written.picture("", reading.left_out))
            case "token_budget" | "flag":
                pass
            case _:
                reading.left_out.add(written.UNKNOWN)
    if not any(words):
        words = [as_str(item.get("text"))]
    return "\n\n".join(text for text in (*texts, *words) if text), "\n\n".join(filter(None, thoughts))
