"""A branch has a name, kept with the message where it begins."""

from __future__ import annotations

import pytest

from chatbot_app.chat.branch_map import read_map
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.message_forest import BRANCH_NAME
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.branch_names import name_branch
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.storage.support import exchange


def test_a_name_is_kept_changed_and_taken_away(database: Database, store: ConversationStore) -> None:
    conversation = store.create_conversation()
    answer = exchange(store, conversation.id, None, "A question?", "Yes.")
    assert answer.parent_id is not None
    name_branch(database, answer.parent_id, "  The\nfirst \x00 try ")
    assert store.message(answer.parent_id).metadata == {BRANCH_NAME: "The first \ufffd try"}
    assert read_map(store, database, conversation.id).runs[0].first.name == "The first \ufffd try"
    name_branch(database, answer.parent_id, "x" * 500)
    assert len(store.message(answer.parent_id).metadata[BRANCH_NAME]) == 80
    name_branch(database, answer.parent_id, " ")
    assert store.message(answer.parent_id).metadata == {}
    with pytest.raises(ConversationGone):
        name_branch(database, "nobody", "Name")


def test_an_answer_that_is_named_while_it_is_written_keeps_its_name_and_its_sources(
    database: Database, store: ConversationStore
) -> None:
    conversation = store.create_conversation()
    _question, answer = store.begin_exchange(conversation.id, None, "A question?")
    name_branch(database, answer.id, "Named early")
    ended = store.finish_message(
        answer.id, status=MessageStatus.COMPLETE, text="Yes.", finish_reason="stop", metadata={"trust": {}}
    )
    assert ended.metadata == {BRANCH_NAME: "Named early", "trust": {}}
