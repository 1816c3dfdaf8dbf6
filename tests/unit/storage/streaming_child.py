"""A process that streams answers into a store until it is killed, and says what is safe on disk."""

from __future__ import annotations

import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    database = Database(DataPaths(Path(sys.argv[1])))
    store = ConversationStore(database, now=lambda: datetime.now(UTC), new_id=lambda: uuid.uuid4().hex)
    found = store.list_conversations()
    conversation = found[0] if found else store.create_conversation()
    parent = conversation.leaf_id
    say("ready")
    while True:
        question, answer = store.begin_exchange(conversation.id, parent, "question")
        say("question", question.id, 0)
        text = ""
        for number in range(8):
            text += f"token{number} " * 20
            store.save_partial(answer.id, text)
            say("partial", answer.id, len(text))
        store.finish_message(answer.id, status=MessageStatus.COMPLETE, text=text, finish_reason="stop")
        say("finished", answer.id, len(text))
        parent = answer.id


if __name__ == "__main__":
    main()
