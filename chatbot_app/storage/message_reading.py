"""The history as it is read: single messages, branches and the whole tree, with what is not saved yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot_app.core.messages import Message
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.storage import message_tree
from chatbot_app.storage.damaged_text import as_text_or_none
from chatbot_app.storage.database import Database
from chatbot_app.storage.known_path import KnownPath
from chatbot_app.storage.lookups import conversation_row, require_message, require_message_of
from chatbot_app.storage.plans import PlanStore
from chatbot_app.storage.rows import DAMAGED_MESSAGE
from chatbot_app.storage.unsaved_answers import UnsavedAnswers

_TREE_PAGE = 200


class MessageReader:
    """The part of `MessageStore` that changes nothing; `unsaved` holds answers that are newer than what is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plans = PlanStore()
        self._known_path = KnownPath()
        self.unsaved = UnsavedAnswers()

    def plan(self, message_id: str) -> PromptPlan | None:
        """Return what was sent for an answer, None where nothing is known."""
        unsaved = self.unsaved.plan(message_id)
        if unsaved is not None:
            return unsaved
        with self._database.of(message_id).read() as connection:
            return self._plans.load(connection, message_id)

    def message(self, message_id: str) -> Message:
        """Return a message, also one of a conversation in the trash."""
        with self._database.of(message_id).read() as connection:
            return self.unsaved.seen([require_message(connection, message_id)])[0]

    def path(
        self, conversation_id: str, leaf_id: str | None = None, *, limit: int | None = None
    ) -> list[Message]:
        """Return the newest `limit` messages of the branch that ends at `leaf_id`, oldest first.

        Without `leaf_id` it is the branch that is shown.
        """
        with self._database.of(conversation_id).read() as connection:
            conversation = conversation_row(connection, conversation_id)
            if leaf_id is not None and leaf_id != conversation["leaf_id"]:
                require_message_of(connection, conversation_id, leaf_id)
            leaf_id = leaf_id or as_text_or_none(conversation["leaf_id"])
            if leaf_id is not None and message_tree.find_message(connection, leaf_id) is None:
                leaf_id = message_tree.newest_of(connection, conversation_id)  # the end is damaged
            if leaf_id is None:
                return []
            if limit is not None:
                return self._seen(message_tree.path_to(connection, leaf_id, limit))
            return self._seen(self._known_path.read(connection, conversation, leaf_id))

    def places(self, messages: Sequence[Message]) -> dict[str, tuple[int, int]]:
        """Return (its place, how many) among its variants of each message that has any, by id; counted from 1."""
        if not messages:
            return {}
        with self._database.of(messages[0].id).read() as connection:
            found = message_tree.places_of(connection, [message.sequence for message in messages])
        return {message.id: found[message.sequence] for message in messages if message.sequence in found}

    def tree(self, conversation_id: str) -> Iterator[Message]:
        """Yield all messages of a conversation, every branch, in the order of sending.

        They are read a page at a time: no transaction is open while the caller works.
        """
        after = 0
        while True:
            with self._database.of(conversation_id).read() as connection:
                conversation_row(connection, conversation_id)
                page = message_tree.page_of(connection, conversation_id, after, _TREE_PAGE)
                page = self.unsaved.seen(page)
            yield from page
            if len(page) < _TREE_PAGE:
                return
            after = page[-1].sequence

    def path_before(self, message_id: str, limit: int) -> list[Message]:
        """Return up to `limit` messages above `message_id`, without it, oldest first."""
        with self._database.of(message_id).read() as connection:
            require_message(connection, message_id)
            return self._seen(message_tree.path_above(connection, message_id, limit))

    def children(self, message_id: str) -> list[str]:
        """Return the ids of the messages directly below, in the order of sending."""
        with self._database.of(message_id).read() as connection:
            return message_tree.child_ids(connection, message_id)

    def siblings(self, message_id: str) -> list[str]:
        """Return the ids of all variants of a message, itself among them, in the order of sending."""
        with self._database.of(message_id).read() as connection:
            return message_tree.sibling_ids(connection, require_message(connection, message_id))

    def leaf_below(self, message_id: str) -> str:
        """Return the id of the newest message at or below: where a switch to this variant leads."""
        with self._database.of(message_id).read() as connection:
            return message_tree.newest_below(connection, message_id)

    def _seen(self, messages: list[Message]) -> list[Message]:
        """Return stored messages as they are to be seen, and tell of damage among them."""
        if any(DAMAGED_MESSAGE in message.notices for message in messages):
            self._database.tell_of_damage()
        return self.unsaved.seen(messages)
