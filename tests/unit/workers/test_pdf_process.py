"""PDF of conversations: words, formulas as pictures, pages; all of it or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from chatbot_app.chat.transfer.own_json import BesideConversations
from chatbot_app.core.errors import ExportFailed, ExportStopped
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.workers.pdf_process import write_pdf
from tests.unit.storage.support import Clock, numbered_ids, open_database, open_store

SVG = '<svg width="16" height="16" viewBox="0 -12 16 16"><path d="M 0 0 L 9 -9" fill="#000000" /></svg>'


@pytest.fixture
def database(data_dir: Path) -> Database:
    return open_database(data_dir)


def beside(database: Database) -> BesideConversations:
    summaries = SummaryStore(database, now=Clock(), new_id=numbered_ids("summary"))
    return BesideConversations.of(summaries, ConversationOrder(database), lambda *_: SVG)


def begin(store: ConversationStore, text: str) -> str:
    conversation = store.create_conversation()
    _question, answer = store.begin_exchange(conversation.id, None, "Why?")
    store.finish_message(answer.id, status=MessageStatus.COMPLETE, text=text, finish_reason="stop")
    return conversation.id


def test_words_and_formulas_stand_on_pages(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    with database:
        store = open_store(database)
        ids = [
            begin(store, "It is $x$.\n\n| a | b |\n|---|---|\n| cell | 2 |"),
            begin(store, "Words. " * 3_000),
            "nobody",
        ]
        steps = [(done.written, done.gone) for done in write_pdf(store, beside(database), ids, path)]
    assert steps[-1] == (2, 1)
    pages = PdfReader(path).pages
    assert len(pages) > 2  # the second begins on a page of its own and goes on
    first = pages[0].extract_text()
    assert "It is" in " ".join(first.split())
    assert "cell" in first
    assert "Words" not in first
    assert len(pages[0].images) == 1


def test_one_that_is_stopped_or_cannot_be_written_leaves_what_was_there(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    path.write_text("old")
    with database:
        store = open_store(database)
        ids = [begin(store, "Yes.")]
        with pytest.raises(ExportStopped):
            list(write_pdf(store, beside(database), ids, path, lambda: True))
        with pytest.raises(ExportFailed):
            list(write_pdf(store, beside(database), ids, tmp_path / "absent" / "out.pdf"))
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir() if found.is_file()] == ["out.pdf"]
