"""The map of a conversation: read without its texts, and counted before a window sees it."""

from __future__ import annotations

import pytest

from chatbot_app.chat.branch_map import map_of, read_map
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.message_forest import MapMessage, lay_out
from chatbot_app.core.messages import Role
from chatbot_app.storage.branch_names import name_branch
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.storage.support import exchange


def test_it_says_what_was_asked_who_answered_and_where_one_stands(
    database: Database, store: ConversationStore
) -> None:
    conversation = store.create_conversation()
    first = exchange(store, conversation.id, None, "What is  a\n quagga? " + "x" * 5_000, "A zebra.")
    old = exchange(store, conversation.id, first.id, "Where?", "Africa.")
    new = exchange(store, conversation.id, first.id, "When?", "Until 1883.")
    assert new.parent_id is not None
    name_branch(database, new.parent_id, "Time")
    store.set_model(old.id, "s", "m")
    found = read_map(store, database, conversation.id)
    assert [run.first.words[:16] for run in found.runs] == ["What is a quagga", "Where?", "When?"]
    assert [run.first.name for run in found.runs] == ["", "", "Time"]
    assert (found.message_count, found.branch_count, found.shown_row) == (6, 2, 2)
    assert found.row_of == {message_id: row for row, message_id in enumerate(found.ids)}
    store.set_leaf(conversation.id, old.id)
    assert read_map(store, database, conversation.id).shown_row == 1
    with database.write() as connection:
        connection.execute("UPDATE messages SET metadata = '{\"branch_name\": ', text = x'41ff'")
    damaged = read_map(store, database, conversation.id)
    assert (damaged.message_count, damaged.runs[0].first.words) == (6, "A\ufffd")
    store.delete(conversation.id)
    with pytest.raises(ConversationGone):
        read_map(store, database, conversation.id)


def test_five_thousand_versions_and_two_thousand_forks_are_rows_that_are_counted_once() -> None:
    wide = [MapMessage("0", None, Role.USER)]
    wide += [MapMessage(str(number), "0", Role.ASSISTANT) for number in range(1, 5_001)]
    found = map_of("c", lay_out(wide, "2500"))
    assert (len(found.runs), found.branch_count, found.message_count) == (5_001, 5_000, 5_001)
    assert found.shown_row is not None
    assert found.ids[found.shown_row] == "2500"
    deep = []
    for number in range(2_000):
        above = None if number == 0 else f"{number - 1}"
        deep += [MapMessage(f"{number}", above, Role.USER), MapMessage(f"side {number}", above, Role.USER)]
    found = map_of("c", lay_out(deep, "1999"))
    assert (len(found.runs), found.branch_count) == (4_000, 2_001)
    assert max(run.lane for run in found.runs) <= 2
