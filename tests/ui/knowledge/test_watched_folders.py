"""A watched folder keeps the library true, in the real window: added, changed, renamed, deleted, restarted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from chatbot_app.application import Application, create_application
from chatbot_app.core.documents import Document, DocumentState

IN_TIME_MS = 60_000

Launch = Callable[[], Application]


@pytest.fixture
def launch(qtbot: QtBot, data_dir: Path) -> Iterator[Launch]:
    running: list[Application] = []

    def start() -> Application:
        for application in running:
            application.shutdown()
        running[:] = [create_application(data_dir)]
        running[0].knowledge.watcher.interval_seconds = 0.2
        running[0].knowledge.watcher.look_now()  # the new interval counts from now
        return running[0]

    yield start
    for application in running:
        application.shutdown()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "Papers"
    (folder / "deep").mkdir(parents=True)
    old(folder / "one.txt", "The turbine was built in 1987.")
    old(folder / "deep" / "two.md", "# Wind\n\nIt turns the turbine.")
    old(folder / ".hidden.txt", "Nobody reads this.")
    (folder / "deep" / "loop").symlink_to(folder)
    return folder


def old(path: Path, text: str) -> None:
    """Write a file as if it had been there for long."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))


def documents(application: Application) -> dict[str, Document]:
    return {Path(one.path).name: one for one in application.services.library.documents.documents()}


def wait_ready(qtbot: QtBot, application: Application, names: set[str]) -> dict[str, Document]:
    def are_ready() -> bool:
        found = documents(application)
        return set(found) == names and all(one.state is DocumentState.READY for one in found.values())

    qtbot.waitUntil(are_ready, timeout=IN_TIME_MS)
    return documents(application)


def watch(qtbot: QtBot, application: Application, folder: Path) -> None:
    panel = application.window.knowledge_panel
    panel.user_actions.watch_requested.emit([folder])
    qtbot.waitUntil(lambda: panel.watched.paths == [str(folder)], timeout=IN_TIME_MS)


def test_files_are_added_changed_renamed_and_deleted_without_being_asked(
    launch: Launch, papers: Path, qtbot: QtBot
) -> None:
    application = launch()
    panel, library = application.window.knowledge_panel, application.services.library
    watch(qtbot, application, papers)
    first = wait_ready(qtbot, application, {"one.txt", "two.md"})
    assert "2 files" in panel.watched.words()

    (papers / "three.txt").write_text("A new paper on valves.")  # just written: two looks must agree
    wait_ready(qtbot, application, {"one.txt", "two.md", "three.txt"})

    (papers / "one.txt").write_text("The turbine was built in 2001, after all.")
    qtbot.waitUntil(lambda: documents(application)["one.txt"].id != first["one.txt"].id, timeout=IN_TIME_MS)
    changed = wait_ready(qtbot, application, {"one.txt", "two.md", "three.txt"})["one.txt"]
    assert changed.previous_id == first["one.txt"].id
    assert "2001" in library.documents.text(changed.id)

    stamp = library.embedder.model.stamp  # type: ignore[union-attr]
    vectors = library.passages.count_vectors(stamp)
    (papers / "deep" / "two.md").rename(papers / "zwei.md")
    renamed = wait_ready(qtbot, application, {"one.txt", "zwei.md", "three.txt"})["zwei.md"]
    assert renamed.id == first["two.md"].id
    assert library.passages.count_vectors(stamp) == vectors
    assert [one.id for one in library.documents.trash()] == [first["one.txt"].id]

    (papers / "three.txt").unlink()
    wait_ready(qtbot, application, {"one.txt", "zwei.md"})
    undo = panel.findChild(QPushButton, "knowledge_undo_action")
    sentence = panel.findChild(QLabel, "knowledge_undo_sentence")
    assert undo is not None
    assert sentence is not None
    qtbot.waitUntil(lambda: "three" in sentence.text(), timeout=IN_TIME_MS)
    assert "gone from “Papers”" in sentence.text()
    undo.click()
    wait_ready(qtbot, application, {"one.txt", "zwei.md", "three.txt"})


def test_a_restart_looks_again_and_stopping_keeps_the_documents(
    launch: Launch, papers: Path, qtbot: QtBot
) -> None:
    application = launch()
    watch(qtbot, application, papers)
    wait_ready(qtbot, application, {"one.txt", "two.md"})
    application.shutdown()
    old(papers / "four.txt", "Written while nobody looked.")
    (papers / "one.txt").unlink()
    application = launch()
    wait_ready(qtbot, application, {"two.md", "four.txt"})
    watched = application.window.knowledge_panel.watched
    qtbot.waitUntil(lambda: watched.paths == [str(papers)], timeout=IN_TIME_MS)
    row = watched.row_of(str(papers))
    assert row is not None
    row.stop_button.click()
    qtbot.waitUntil(lambda: watched.paths == [], timeout=IN_TIME_MS)
    assert watched.isHidden()
    assert set(documents(application)) == {"two.md", "four.txt"}


def test_a_folder_that_is_away_loses_nothing_and_says_so(
    launch: Launch, papers: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    application = launch()
    watch(qtbot, application, papers)
    wait_ready(qtbot, application, {"one.txt", "two.md"})
    watched = application.window.knowledge_panel.watched
    papers.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: "nothing is removed" in watched.words(), timeout=IN_TIME_MS)
    assert "1 is out of reach" in watched.words()
    looks: list[object] = []
    application.knowledge.watcher.looked.connect(looks.append)
    qtbot.waitUntil(lambda: len(looks) > 3, timeout=IN_TIME_MS)
    assert set(documents(application)) == {"one.txt", "two.md"}
    (tmp_path / "away").rename(papers)
    qtbot.waitUntil(lambda: "nothing is removed" not in watched.words(), timeout=IN_TIME_MS)
    assert set(documents(application)) == {"one.txt", "two.md"}


def test_a_copy_keeps_the_document_when_the_first_file_is_deleted(
    launch: Launch, papers: Path, qtbot: QtBot
) -> None:
    shutil.copy(papers / "one.txt", papers / "copy.txt")
    application = launch()
    watch(qtbot, application, papers)
    qtbot.waitUntil(lambda: len(documents(application)) == 2, timeout=IN_TIME_MS)
    before = {one.sha256: one.id for one in documents(application).values()}
    taken = "one.txt" if "one.txt" in documents(application) else "copy.txt"
    other = {"one.txt": "copy.txt", "copy.txt": "one.txt"}[taken]
    qtbot.waitUntil(
        lambda: "3 files" in application.window.knowledge_panel.watched.words(), timeout=IN_TIME_MS
    )
    (papers / taken).unlink()
    wait_ready(qtbot, application, {other, "two.md"})
    assert {one.sha256: one.id for one in documents(application).values()} == before


def test_a_dropped_folder_can_be_kept_watched(launch: Launch, papers: Path, qtbot: QtBot) -> None:
    application = launch()
    panel = application.window.knowledge_panel
    panel.user_actions.files_offered.emit([papers])
    offer = panel.findChild(QPushButton, "watch_offer_action")
    assert offer is not None
    qtbot.waitUntil(lambda: not offer.isHidden() and offer.text() == "Keep watching", timeout=IN_TIME_MS)
    first = wait_ready(qtbot, application, {"one.txt", "two.md"})
    queued: list[list[str]] = []
    application.knowledge.watcher.queued.connect(queued.append)
    offer.click()
    qtbot.waitUntil(lambda: "2 files" in panel.watched.words(), timeout=IN_TIME_MS)
    assert queued == []  # they were imported a moment ago
    assert {one.id for one in documents(application).values()} == {one.id for one in first.values()}
    panel.user_actions.files_offered.emit([papers / "deep"])
    application.lanes.library.run(lambda: None, queued.append)
    qtbot.waitUntil(lambda: queued == [None], timeout=IN_TIME_MS)
    assert panel.findChild(QLabel, "watch_offer_sentence").isHidden() or not offer.isVisible()  # type: ignore[union-attr]


def test_what_cannot_be_watched_is_said(launch: Launch, tmp_path: Path, qtbot: QtBot) -> None:
    application = launch()
    told: list[object] = []
    application.knowledge.watcher.failed.connect(told.append)
    application.window.knowledge_panel.user_actions.watch_requested.emit([tmp_path / "nowhere"])
    qtbot.waitUntil(lambda: len(told) == 1, timeout=IN_TIME_MS)
    assert "nowhere" in str(told[0])
