"""What is kept of drafts while the store is slow: a question that was sent is neither lost nor doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal

from chatbot_app.chat.drafts import recovered_drafts
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.draft_file import DraftFile, Sent
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.draft_keeper import DRAFTS_SETTING, DraftKeeper, drafts_from
from tests.unit.storage.support import open_store


class FakeDrafts(QObject):
    """What is written and what was sent, as the test says."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.sent: dict[str, Sent] = {}

    def all(self) -> dict[str, str]:
        return dict(self.texts)

    def sent_questions(self) -> dict[str, Sent]:
        return dict(self.sent)


@dataclass
class SteppedRunner:
    """Does what it was given when the test says so."""

    waiting: list[tuple[Callable[[], Any], Callable[[Any], None] | None]] = field(default_factory=list)

    def run(self, work: Callable[[], Any], then: Callable[[Any], None] | None = None, _: Any = None) -> None:
        self.waiting.append((work, then))

    def go_on(self) -> None:
        while self.waiting:
            work, then = self.waiting.pop(0)
            result = work()
            if then is not None:
                then(result)


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    with Database(DataPaths(data_dir)) as opened:
        yield opened


def test_a_late_save_of_the_draft_keeps_the_file_that_says_it_was_sent(
    qapp: QObject, database: Database
) -> None:
    settings, store = SettingsStore(database), open_store(database)
    file = DraftFile(database.paths.drafts)
    drafts, slow, files = FakeDrafts(), SteppedRunner(), SteppedRunner()
    keeper = DraftKeeper(drafts, settings, store, file, slow, files)  # type: ignore[arg-type]
    drafts.texts[""] = "Why?"
    keeper.save()  # the store is busy: this waits
    conversation = store.create_conversation()
    question, _answer = store.begin_exchange(conversation.id, None, "Why?")
    drafts.sent[question.id] = Sent("", "Why?")
    keeper.save()
    files.go_on()
    slow.go_on()  # the draft of before is in the store now
    files.go_on()
    # A kill at this moment: the question is stored, so it is no draft.
    stored = drafts_from(str(settings.get(DRAFTS_SETTING)))
    assert stored == {"": "Why?"}
    assert recovered_drafts(stored, file.read(), store) == {}

    drafts.texts.clear()
    drafts.sent.clear()
    keeper.save()
    slow.go_on()
    files.go_on()
    assert not database.paths.drafts.exists()
    assert drafts_from(str(settings.get(DRAFTS_SETTING))) == {}


def test_a_question_that_was_stored_is_no_draft_where_a_kill_left_no_file(database: Database) -> None:
    store = open_store(database)
    conversation = store.create_conversation()
    store.begin_exchange(conversation.id, None, "Why is the sky blue?")
    left = "Why is the sky blue?\n"
    for key in (conversation.id, ""):  # the draft was that of a new conversation, which this one is by now
        assert recovered_drafts({key: left}, None, store) == {}
        assert recovered_drafts({key: left + "And the sea?"}, None, store) == {key: left + "And the sea?"}
    assert recovered_drafts({"gone": left}, None, store) == {"gone": left}
