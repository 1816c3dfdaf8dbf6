"""Conversations in and out, as tests look at them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chatbot_app.chat.transfer.importing import ImportSummary, import_conversations, preview
from chatbot_app.chat.transfer.reading import ConversationReader
from chatbot_app.storage.conversation_merging import ConversationMerger
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.portions import Portions
from tests.unit.storage.support import Clock, full_text_is_sound


def merger(database: Database) -> ConversationMerger:
    return ConversationMerger(database, now=Clock(), portions=Portions(sleep=lambda _: None))


def carry_in(database: Database, *paths: Path) -> ImportSummary:
    """Look, import, and hold that the look said what came; return it."""
    reader = ConversationReader(paths)
    before, after = ImportSummary(), ImportSummary()
    list(preview(reader, merger(database), before))
    list(import_conversations(reader, merger(database), after))
    assert before == after
    assert full_text_is_sound(database)
    assert database.integrity_check() == []
    return after


def carry_in_value(database: Database, folder: Path, *values: Any) -> ImportSummary:
    """Import values, each a line of a file."""
    path = folder / "values.json"
    path.write_text("\n".join(json.dumps(value) for value in values))
    return carry_in(database, path)


def shown(store: ConversationStore, title: str = "") -> list[str]:
    """Return the texts of the branch that is shown, of the only conversation or the one with this title."""
    found = [c for c in store.list_conversations() if not title or c.title == title]
    assert len(found) == 1
    return [message.text for message in store.path(found[0].id)]


def alternates(store: ConversationStore, conversation_id: str) -> bool:
    """Whether questions stand below answers or at the top, and answers below questions."""
    by_id = {message.id: message for message in store.tree(conversation_id)}
    return all(
        (message.role == "assistant")
        == (message.parent_id is not None and by_id[message.parent_id].role == "user")
        for message in by_id.values()
    )
