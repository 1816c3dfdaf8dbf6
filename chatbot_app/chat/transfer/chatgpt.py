"""Reads ChatGPT's export: each conversation a mapping of nodes, of which some are hidden, steps of tools, or deleted."""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.transfer.chatgpt_content import Content, content_of
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_moment, as_number, as_str, id_of
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LONGEST_TITLE, Reading
from chatbot_app.chat.transfer.turns import Origin, Turn, conversation_of
from chatbot_app.chat.transfer.written_parts import HIDDEN
from chatbot_app.core.carried import CarriedConversation
from chatbot_app.core.messages import MessageStatus, Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT}
_STOPPED = ("interrupted", "stopped", "client_stopped")


def is_one(value: Any) -> bool:
    """Whether a value is a conversation of ChatGPT."""
    return isinstance(value, dict) and isinstance(value.get("mapping"), dict)


def read(value: dict[str, Any], reading: Reading) -> CarriedConversation | None:
    """Return the conversation; None, said in `reading`, where there is nothing in it."""
    mapping = value["mapping"]
    nodes = {name: as_dict(node) for name, node in mapping.items()}
    parents = _parents(nodes)
    turns = {name: _turn(name, node, reading) for name, node in nodes.items()}
    kept = {name: turn for name, turn in turns.items() if turn is not None}
    title = as_str(value.get("title"), LONGEST_TITLE)
    named = as_str(value.get("conversation_id"), LONGEST_NAME) or as_str(value.get("id"), LONGEST_NAME)
    origin = Origin(
        "chatgpt",
        named or id_of(title, as_moment(value.get("create_time")), next(iter(nodes), "")),
        title,
        as_moment(value.get("create_time")),
        as_moment(value.get("update_time")),
        shown_id=_nearest(as_str(value.get("current_node")) or None, parents, kept),
        pinned=value.get("is_starred") is True,
        archived=value.get("is_archived") is True,
    )
    placed = [
        Turn(
            name,
            _nearest(parents.get(name), parents, kept),
            turn.role,
            turn.text,
            turn.reasoning,
            turn.model,
            turn.created_at,
            turn.status,
            turn.finish_reason,
            turn.pictures,
        )
        for name, turn in kept.items()
    ]
    return conversation_of(origin, placed, reading.left_out)


def _parents(nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the node above each: as it says itself, or as the one above says."""
    parents = {
        child: name
        for name, node in nodes.items()
        for child in as_list(node.get("children"))
        if isinstance(child, str) and child in nodes and child != name
    }
    for name, node in nodes.items():
        parent = node.get("parent")
        if isinstance(parent, str) and parent in nodes and parent != name:
            parents[name] = parent
    return parents


def _nearest(name: str | None, parents: dict[str, str], kept: dict[str, Turn]) -> str | None:
    """Return the node itself, or the nearest above it, that is kept; what lies between is shortened for the next."""
    passed = []
    seen = set()
    while name is not None and name not in kept and name not in seen:
        seen.add(name)
        passed.append(name)
        name = parents.get(name)
    if name is not None and name not in kept:
        name = None  # hidden nodes that are tied in a circle
    for one in passed:
        if name is None:
            parents.pop(one, None)
        else:
            parents[one] = name
    return name


def _turn(name: str, node: dict[str, Any], reading: Reading) -> Turn | None:
    """Return what a node says, None where it says nothing that was to be seen; its parent is not known yet."""
    message = node.get("message")
    if not isinstance(message, dict):
        if message is not None:
            reading.left_out.add("Messages have no readable content.")
        return None
    author, metadata = as_dict(message.get("author")), as_dict(message.get("metadata"))
    role = author.get("role")
    content = content_of(message, as_str(author.get("name"), LONGEST_NAME), reading)
    if not content:
        return None
    is_hidden = metadata.get("is_visually_hidden_from_conversation") is True or message.get("weight") == 0
    if content.is_hidden or is_hidden or role == "system" or metadata.get("is_user_system_message") is True:
        reading.left_out.add(HIDDEN)
        return None
    if not isinstance(role, str) or role not in _ROLES:
        reading.left_out.add("Messages do not say who wrote them.")
        return None
    return _told(name, _ROLES[role], content, message, metadata)


def _told(name: str, role: Role, content: Content, message: dict[str, Any], metadata: dict[str, Any]) -> Turn:
    ended = as_dict(metadata.get("finish_details")).get("type")
    status, reason = MessageStatus.COMPLETE, "stop"
    if message.get("status") == "in_progress":
        status = MessageStatus.INTERRUPTED
    elif ended in _STOPPED:
        status = MessageStatus.STOPPED
    elif ended == "max_tokens":
        reason = "length"
    moment = as_number(message.get("create_time"))
    return Turn(
        name,
        None,
        role,
        content.text,
        content.reasoning,
        as_str(metadata.get("model_slug"), LONGEST_NAME),
        as_moment(moment) if moment is not None else as_moment(message.get("create_time")),
        status,
        reason,
        content.pictures,
    )
