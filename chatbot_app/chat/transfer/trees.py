"""Trees of messages as strangers write them, made into such as are kept here."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace

from chatbot_app.chat.transfer.reading_limits import LeftOut
from chatbot_app.core.messages import Message


def in_order(messages: Sequence[Message], left_out: LeftOut) -> tuple[Message, ...]:
    """Return messages with each parent before its children, else in their order; a second one of an id is left out.

    One whose parent is missing stands at the top. What is tied in a circle hangs from nothing and is left out.
    """
    by_id: dict[str, Message] = {}
    for message in messages:
        if message.id in by_id:
            left_out.add("Messages have the id of another one.")
        else:
            by_id[message.id] = message
    place = {message_id: number for number, message_id in enumerate(by_id)}
    children: dict[str, list[str]] = {}
    ready: list[tuple[int, str]] = []
    for message in by_id.values():
        if message.parent_id is not None and message.parent_id in by_id:
            children.setdefault(message.parent_id, []).append(message.id)
        else:
            heapq.heappush(ready, (place[message.id], message.id))
    ordered: list[Message] = []
    while ready:
        _, message_id = heapq.heappop(ready)
        message = by_id[message_id]
        if message.parent_id is not None and message.parent_id not in by_id:
            message = replace(message, parent_id=None)
        ordered.append(message)
        for child in children.get(message_id, ()):
            heapq.heappush(ready, (place[child], child))
    left_out.add("Messages answer one another in a circle.", len(by_id) - len(ordered))
    return tuple(ordered)
