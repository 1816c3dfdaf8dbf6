"""The branch that was read last, kept: to read it again after one more exchange costs one more exchange."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass

from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.storage.message_tree import find_message, path_to
from chatbot_app.storage.rows import DAMAGED_MESSAGE

LONGEST_WALK = 100  # messages that are read one by one; more are read at once


@dataclass(frozen=True, slots=True)
class _Known:
    conversation_id: str
    revision: int
    messages: list[Message]  # all of them ended
    places: dict[str, int]  # by id


class KnownPath:
    """Reads whole branches, of one conversation without reading again what it knows. For all threads."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._lock = threading.Lock()

    def read(self, connection: sqlite3.Connection, conversation: sqlite3.Row, leaf_id: str) -> list[Message]:
        """Return the messages from the root to `leaf_id`, oldest first; `conversation` is its row, just read."""
        if "revision" not in conversation.keys():  # noqa: SIM118  # a row; the file of an older version, read only
            return path_to(connection, leaf_id, None)
        with self._lock:
            known = self._known
            messages = self._extended(connection, conversation, leaf_id, known)
            if messages is None:
                messages, known = path_to(connection, leaf_id, None), None
            self._keep(conversation, messages, known)
        return messages

    def _extended(
        self, connection: sqlite3.Connection, conversation: sqlite3.Row, leaf_id: str, known: _Known | None
    ) -> list[Message] | None:
        """Return the branch as far as it is known and what was added; None where that is another one."""
        if known is None or (known.conversation_id, known.revision) != (
            conversation["id"],
            conversation["revision"],
        ):
            return None
        added: list[Message] = []
        message_id: str | None = leaf_id
        while message_id is not None and len(added) < LONGEST_WALK:
            place = known.places.get(message_id)
            if place is not None:
                return known.messages[: place + 1] + added[::-1]
            message = find_message(connection, message_id)
            if message is None or DAMAGED_MESSAGE in message.notices:
                return None  # walking over damage is a matter of `path_to`
            added.append(message)
            message_id = message.parent_id
        return None

    def _keep(self, conversation: sqlite3.Row, messages: list[Message], known: _Known | None) -> None:
        ended = len(messages)
        while ended and messages[ended - 1].status is MessageStatus.STREAMING:
            ended -= 1
        kept = messages[:ended]
        if any(message.status is MessageStatus.STREAMING for message in kept):
            self._known = None  # an answer is continued above others: it goes on changing
            return
        if known is None and any(DAMAGED_MESSAGE in message.notices for message in kept):
            self._known = None
            return
        if (
            known is not None
            and len(known.messages) <= ended
            and kept[: len(known.messages)] == known.messages
        ):
            places = known.places
            places.update((kept[place].id, place) for place in range(len(known.messages), ended))
        else:
            places = {message.id: place for place, message in enumerate(kept)}
        self._known = _Known(conversation["id"], conversation["revision"], kept, places)
