"""The store is locked by another program while somebody asks, reads and quits: nothing of theirs is lost."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMessageBox

from chatbot_app.chat.drafts import recovered_drafts, without_sent
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.draft_file import DraftFile, KeptDrafts, Sent
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


@contextmanager
def locked(folder: Path) -> Iterator[Callable[[], None]]:
    """Hold the store as another program does; yields what ends that."""
    with closing(sqlite3.connect(DataPaths(folder).database, isolation_level=None, timeout=20)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")

        def release() -> None:
            with contextlib.suppress(sqlite3.OperationalError):
                stranger.execute("ROLLBACK")

        yield release
        release()


def notice(person: Person) -> str:
    bar = person.application.window.chat_pane.notice_bar
    return " ".join(label.text() for label in bar.findChildren(QLabel) if label.isVisibleTo(bar))


def test_a_question_stays_in_sight_until_it_is_stored(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    person = launch()
    with locked(data_dir) as release:
        person.type_and_send("Where does it stay?")
        hint = person.find(QLabel, "composer_hint")
        person.qtbot.waitUntil(lambda: "being saved" in hint.text())
        assert person.composer.toPlainText() == "Where does it stay?"
        person.qtbot.keyClicks(person.composer, "Next")  # written while it waits
        release()
        person.qtbot.waitUntil(lambda: len(person.answers()) == 1, timeout=30_000)
    person.wait_until_idle()
    person.qtbot.waitUntil(lambda: person.composer.toPlainText() == "Next")
    assert [message.text for message in person.messages()] == ["Where does it stay?", "Hello there"]
    person.qtbot.waitUntil(lambda: not DataPaths(data_dir).drafts.exists(), timeout=20_000)


def test_stop_gives_way_at_once_while_the_store_is_locked(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    person = launch()
    with locked(data_dir):
        person.type_and_send("Stop me")
        stop = person.find(QAbstractButton, "stop_button")
        person.qtbot.waitUntil(stop.isVisible)
        person.qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
        # The lock is still held: nothing of this waited for the store.
        person.qtbot.waitUntil(lambda: not person.application.controllers.chat.is_answering(None))
        assert person.composer.toPlainText() == "Stop me"
    assert scripted.chat_requests == []
    assert person.application.services.conversations.list_conversations() == []


def test_what_a_sudden_end_leaves_while_the_store_is_locked(
    launch: Launch, scripted: ScriptedServer, data_dir: Path, tmp_path: Path
) -> None:
    person = launch()
    with locked(data_dir):
        person.type_and_send("Remember me")
        drafts = DataPaths(data_dir).drafts
        person.qtbot.waitUntil(drafts.exists)
        left = tmp_path / "left"
        shutil.copytree(data_dir, left)  # what the files hold at this moment is what a kill leaves
    again = launch(left)
    again.qtbot.waitUntil(lambda: again.composer.toPlainText() == "Remember me")


def test_quitting_asks_where_an_answer_cannot_be_saved(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    """It says so, keeps the window open, and saves in place when that is possible."""
    scripted.set_answers(sse_answer([f"word {number} " for number in range(300)], rate=30))
    person = launch()
    window, services = person.application.window, person.application.services
    person.type_and_send("A long answer, please")
    person.qtbot.waitUntil(lambda: any(answer.text for answer in person.answers()), timeout=30_000)
    with locked(data_dir) as release:
        person.qtbot.waitUntil(lambda: "is not saved yet" in notice(person), timeout=30_000)
        assert "composer" not in notice(person)
        window.close()
        assert window.isVisible()
        person.qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=20_000)
        dialog = window.findChild(QMessageBox)
        assert dialog is not None
        person.click("unsaved_stay")
        person.qtbot.waitUntil(lambda: not dialog.isVisible())
        assert window.isVisible()
        shown = services.conversations.path(person.application.controllers.chat.conversation_id or "")[-1]
        assert shown.status is MessageStatus.INTERRUPTED
        assert shown.text.startswith("word 0 word 1")
        release()
        person.qtbot.waitUntil(lambda: "saved again" in notice(person), timeout=30_000)
    window.close()
    assert not window.isVisible()
    with closing(sqlite3.connect(DataPaths(data_dir).database)) as other:
        [text] = other.execute("SELECT text FROM messages WHERE role = 'assistant'").fetchone()
    assert text == shown.text


@pytest.mark.parametrize("choice", ["elsewhere", "quit", "again"])
def test_the_ways_out_of_a_window_with_an_unsaved_answer(
    launch: Launch,
    scripted: ScriptedServer,
    data_dir: Path,
    tmp_path: Path,
    choice: str,
) -> None:
    scripted.set_answers(sse_answer([f"word {number} " for number in range(300)], rate=30))
    person = launch()
    window = person.application.window
    elsewhere = tmp_path / "answers.md"
    person.type_and_send("A long answer, please")
    person.qtbot.waitUntil(lambda: any(answer.text for answer in person.answers()), timeout=30_000)
    with locked(data_dir) as release:
        person.qtbot.waitUntil(lambda: "is not saved yet" in notice(person), timeout=30_000)
        window.close()
        person.qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=20_000)
        if choice == "again":
            release()
        person.click(f"unsaved_{choice}")
        if choice == "elsewhere":
            person.qtbot.waitUntil(lambda: window.findChild(QFileDialog) is not None)
            assert window.isVisible()
            chooser = person.find(QFileDialog, "unsaved_file_dialog")
            chooser.fileSelected.emit(str(elsewhere))
            chooser.close()
        person.qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
        if choice == "elsewhere":
            assert "word 0 word 1" in elsewhere.read_text(encoding="utf-8")
    if choice == "again":
        assert person.application.services.saver.unsaved() == []


def test_what_was_added_to_a_draft_stays_when_its_question_is_stored() -> None:
    assert without_sent("Why?", "Why?") == ""
    assert without_sent("  Why?\n", "Why?") == ""
    assert without_sent("Why?Because", "Why?") == "Because"
    assert without_sent("Who and Why?", "Why?") == "Who and "
    assert without_sent("Why indeed?", "Why?") == " indeed"
    assert without_sent("Something else", "Why?") == "Something else"
    assert without_sent("", "Why?") == ""


def test_a_question_that_was_stored_is_no_draft_any_more(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    """Killed between the store and the draft: neither lost nor doubled."""
    person = launch()
    person.ask("Stored")
    question, _ = person.messages()
    conversation_id = question.conversation_id
    kept = KeptDrafts(
        {conversation_id: "Stored and more"},
        {question.id: Sent(conversation_id, "Stored"), "never": Sent("", "Lost?")},
    )
    file = DraftFile(data_dir / "drafts.json")
    file.write(kept)
    assert file.read() == kept
    store = person.application.services.conversations
    assert recovered_drafts({"": "typed"}, file.read(), store) == {
        conversation_id: " and more",
        "": "Lost?\n\ntyped",
    }
    (data_dir / "drafts.json").write_text("[no json", encoding="utf-8")
    assert file.read() is None
