"""Reads LM Studio's conversations: messages with versions, of which one is chosen, and answers in steps."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from chatbot_app.chat.transfer import written_parts as written
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_moment, as_str, id_of
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LONGEST_TITLE, Reading
from chatbot_app.chat.transfer.turns import Origin, Turn, conversation_of
from chatbot_app.core.carried import CarriedConversation
from chatbot_app.core.messages import Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}
_MOST_VERSIONS = 1_000


def is_one(value: Any) -> bool:
    """Whether a value is a conversation of LM Studio."""
    if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
        return False
    messages = value["messages"]
    has_versions = any(isinstance(as_dict(item).get("versions"), list) for item in messages[:100])
    return has_versions or (not messages and "usePerChatPredictionConfig" in value)


def read(value: dict[str, Any], reading: Reading) -> CarriedConversation | None:
    """Return the conversation; None, said in `reading`, where there is nothing in it."""
    turns: list[Turn] = []
    above: str | None = None
    for item in map(as_dict, value["messages"]):
        versions = as_list(item.get("versions"))
        reading.left_out.add("Versions of messages are too many.", len(versions) - _MOST_VERSIONS)
        chosen: str | None = None
        for number, version in enumerate(map(as_dict, versions[:_MOST_VERSIONS])):
            turn = _turn(version, above, number, reading)
            if turn is None:
                continue
            turns.append(turn)
            if chosen is None or number == item.get("currentlySelected"):
                chosen = turn.id
        above = chosen or above
    created = as_moment(value.get("createdAt"))
    title = as_str(value.get("name"), LONGEST_TITLE)
    origin = Origin(
        "lm-studio",
        created or id_of(title, turns[0].text if turns else ""),
        title,
        created,
        as_moment(value.get("assistantLastMessagedAt")) or as_moment(value.get("userLastMessagedAt")),
        as_str(value.get("systemPrompt")) or None,
        above,
        value.get("pinned") is True,
    )
    return conversation_of(origin, turns, reading.left_out)


def _turn(version: dict[str, Any], above: str | None, number: int, reading: Reading) -> Turn | None:
    role = version.get("role")
    if role == "system":
        return None
    if not isinstance(role, str) or role not in _ROLES:
        reading.left_out.add("Messages do not say who wrote them.")
        return None
    words: list[str] = []
    thoughts: list[str] = []
    steps = [version] if "content" in version else [as_dict(step) for step in as_list(version.get("steps"))]
    model = as_str(as_dict(version.get("senderInfo")).get("senderName"), LONGEST_NAME)
    for step in steps:
        if step.get("type") == "debugInfoBlock":
            continue
        text = _blocks(as_list(step.get("content")), reading)
        is_thought = as_dict(step.get("style")).get("type") == "thinking"
        (thoughts if is_thought else words).append(text)
        known = as_dict(step.get("genInfo")).get("indexedModelIdentifier")
        model = as_str(known, LONGEST_NAME) or model
    text = "\n\n".join(filter(None, words))
    told = sha256(f"{above}\n{role}\n{number}\n{text}".encode("utf-8", "replace")).hexdigest()
    return Turn(told, above, _ROLES[role], text, "\n\n".join(filter(None, thoughts)), model)


def _blocks(blocks: list[Any], reading: Reading) -> str:
    texts = []
    for block in map(as_dict, blocks):
        match block.get("type"):
            case "text":
                texts.append(as_str(block.get("text")))
            case "file":
                name = as_str(block.get("fileIdentifier"), LONGEST_NAME) or as_str(
                    block.get("name"), LONGEST_NAME
                )
                is_picture = block.get("fileType") == "image"
                add = written.picture if is_picture else written.attached
                texts.append(add(name, reading.left_out))
            case "toolCallRequest":
                name = as_str(block.get("name"), LONGEST_NAME) or "a tool"
                texts.append(written.call_of(name, block.get("parameters"), "json"))
            case "toolCallResult":
                texts.append(written.result_of("the tool", as_str(block.get("content"))))
            case _:
                reading.left_out.add(written.UNKNOWN)
    return "\n\n".join(filter(None, texts))
