"""The knowledge panel says what the person wants, and shows hostile names literally."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from chatbot_app.core.documents import (
    Collection,
    Document,
    DocumentState,
    ImportOutcome,
    ImportReport,
)
from chatbot_app.knowledge.importing.events import FileProgress, FileStep, ImportProgress
from chatbot_app.ui.dropped_files import local_files
from chatbot_app.ui.knowledge.document_dialogs import DocumentDetails
from chatbot_app.ui.knowledge.document_model import ROW_ROLE, DocumentModel
from chatbot_app.ui.knowledge.document_words import DocumentRow, facts_of, kind_of, title_of
from chatbot_app.ui.knowledge.panel import TRASH, KnowledgePanel


def document(number: int, **values: object) -> Document:
    known: dict[str, object] = {
        "id": f"d{number}",
        "title": f"Report {number}",
        "path": f"/home/anna/report {number}.pdf",
        "media_type": "application/pdf",
        "size": 2_500_000,
        "sha256": f"{number:064x}",
        "state": DocumentState.READY,
        "imported_at": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "pages": 12,
        "characters": 40_000,
        "passages": 84,
    }
    return Document(**{**known, **values})  # type: ignore[arg-type]


@pytest.fixture
def panel(qtbot: QtBot) -> KnowledgePanel:
    shown = KnowledgePanel()
    qtbot.addWidget(shown)
    shown.resize(340, 700)
    shown.show()
    return shown


def titles(panel: KnowledgePanel) -> list[str]:
    model = panel.list.documents
    return [model.index(row).data() for row in range(model.rowCount())]


def drop(panel: KnowledgePanel, *paths: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    actions, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(5, 5), actions, data, buttons, keys))
    QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), actions, data, buttons, keys))


def test_an_empty_library_invites_to_drop(panel: KnowledgePanel) -> None:
    assert panel.page.empty.isVisible()
    assert "Drop files or folders here" in panel.page.empty.accessibleName()


def test_dropped_files_and_folders_are_offered(panel: KnowledgePanel, tmp_path: Path, qtbot: QtBot) -> None:
    offered: list[list[Path]] = []
    panel.user_actions.files_offered.connect(offered.append)
    drop(panel, str(tmp_path), str(tmp_path / "a.pdf"))
    assert offered == [[tmp_path, tmp_path / "a.pdf"]]
    shade = panel.findChild(QWidget, "drop_shade")
    assert shade is not None
    assert not shade.isVisible()


def test_a_dropped_address_is_not_taken_for_a_file(panel: KnowledgePanel) -> None:
    offered: list[list[Path]] = []
    panel.user_actions.files_offered.connect(offered.append)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.pdf")])
    actions, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    assert offered == []


def test_a_document_shows_type_size_pages_passages_and_state() -> None:
    row = DocumentRow.of_document(document(1))
    assert kind_of(row.path) == "PDF"
    facts = facts_of(row)
    assert "2.5 MB" in facts
    assert "12 pages" in facts
    assert "84 passages" in facts
    assert "report 1.pdf" not in facts
    mail = document(1, path="/home/anna/4711.eml", title="The offer")
    assert "4711.eml" in facts_of(DocumentRow.of_document(mail))  # its title is its subject
    waiting = DocumentRow.of_document(document(1, state=DocumentState.SEARCHABLE))
    assert "84 vectors left" in facts_of(waiting)


def test_rows_follow_a_file_from_waiting_to_ready(panel: KnowledgePanel) -> None:
    model = panel.list.documents
    panel.show_documents([document(7)], [])
    path = "/home/anna/new.pdf"
    model.apply([FileProgress(path, FileStep.WAITING), FileProgress("/home/anna/b.txt", FileStep.WAITING)])
    assert titles(panel) == ["new.pdf", "b.txt", "Report 7"]
    model.apply([FileProgress(path, FileStep.READING)])
    searchable = document(8, path=path, title="New", state=DocumentState.SEARCHABLE)
    model.apply([FileProgress(path, FileStep.VECTORS, searchable, None, 40, 84)])
    assert titles(panel) == ["b.txt", "New", "Report 7"]
    assert "44 vectors left" in facts_of(model.row_at(model.index(1)))  # type: ignore[arg-type]
    model.apply([FileProgress(path, FileStep.FINISHED, document(8, path=path, title="New"), None)])
    assert "vectors" not in facts_of(model.row_at(model.index(1)))  # type: ignore[arg-type]


def test_the_same_file_again_takes_no_second_row_and_a_new_version_takes_the_old_ones_place(
    panel: KnowledgePanel,
) -> None:
    model = panel.list.documents
    panel.show_documents([document(1)], [])
    copy = "/home/anna/copy.pdf"
    model.apply([FileProgress(copy, FileStep.WAITING)])
    report = ImportReport(copy, ImportOutcome.ALREADY_THERE, "It is there.", document_id="d1")
    model.apply([FileProgress(copy, FileStep.FINISHED, document(1), report)])
    assert titles(panel) == ["Report 1"]
    newer = document(2, path=document(1).path, previous_id="d1")
    model.apply([FileProgress(newer.path, FileStep.READING)])
    model.apply([FileProgress(newer.path, FileStep.FINISHED, newer, None)])
    assert titles(panel) == ["Report 2"]


def test_a_failure_stays_with_its_reason_and_a_retry(panel: KnowledgePanel, qtbot: QtBot) -> None:
    path = "/home/anna/locked.pdf"
    report = ImportReport(path, ImportOutcome.FAILED, "“locked.pdf” is protected by a password.", "X")
    panel.list.documents.apply([FileProgress(path, FileStep.FINISHED, None, report)])
    row = panel.list.documents.row_at(panel.list.documents.index(0))
    assert row is not None
    assert row.has_failed
    assert "password" in facts_of(row)
    again: list[list[Path]] = []
    panel.user_actions.again_requested.connect(again.append)
    panel.details.open(row)
    details = panel.findChild(DocumentDetails)
    assert details is not None
    retry = details.findChild(QPushButton, "details_retry_button")
    assert retry is not None
    assert retry.text() == "Retry"
    QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert again == [[Path(path)]]


def test_names_are_shown_literally(panel: KnowledgePanel) -> None:
    name = "<img src=x>\u202egnp.exe\nsecond line"
    row = DocumentRow.of_document(document(1, title=name))
    assert title_of(row) == "<img src=x>⟨U+202E⟩gnp.exe second line"
    panel.show_documents([document(1, title=name)], [])
    index = panel.list.documents.index(0)
    assert "&lt;img" in index.data(Qt.ItemDataRole.ToolTipRole)
    panel.offers.offer_undo([name], ["d1"])
    sentence = panel.findChild(QLabel, "knowledge_undo_sentence")
    assert sentence is not None
    assert sentence.textFormat() == Qt.TextFormat.PlainText
    details = DocumentDetails(row, panel)
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText
        for label in details.findChildren(QLabel, "details_title")
    )
    details.deleteLater()


def test_ten_thousand_rows_are_listed_and_updated_at_once(panel: KnowledgePanel, qtbot: QtBot) -> None:
    model = panel.list.documents
    model.apply([FileProgress(f"/x/{n}.txt", FileStep.WAITING) for n in range(10_000)])
    assert model.rowCount() == 10_000
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(1))
    with qtbot.waitSignal(model.dataChanged):
        model.apply([FileProgress(f"/x/{n}.txt", FileStep.READING) for n in range(0, 10_000, 100)])
    assert resets == []


def test_undo_names_what_comes_back(panel: KnowledgePanel) -> None:
    back: list[list[str]] = []
    panel.user_actions.undo_requested.connect(back.append)
    panel.offers.offer_undo(["One", "Two"], ["d1", "d2"])
    button = panel.findChild(QPushButton, "knowledge_undo_action")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert back == [["d1", "d2"]]
    assert not button.isVisible()


def test_delete_asks_for_the_chosen_rows(panel: KnowledgePanel) -> None:
    panel.show_documents([document(2), document(1)], [])
    asked: list[list[DocumentRow]] = []
    panel.user_actions.removal_requested.connect(asked.append)
    panel.list.setCurrentIndex(panel.list.model().index(1, 0))
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [row.document_id for row in asked[0]] == ["d1"]


def test_collections_and_the_trash_are_offered_and_a_gone_one_falls_back(panel: KnowledgePanel) -> None:
    asked: list[tuple[str, str]] = []
    panel.user_actions.shown_changed.connect(lambda collection, text: asked.append((collection, text)))
    panel.show_collections([Collection("c1", "Taxes & <b>law</b>", 3)], 10, 2)
    box = panel.collection_box
    assert [box.itemData(row) for row in range(box.count())] == ["", "c1", None, TRASH]
    box.setCurrentIndex(1)
    panel.show_collections([], 10, 0)
    assert panel.collection_id == ""
    assert asked == [("", "")]


def test_the_filter_and_the_test_search_ask_after_a_pause(panel: KnowledgePanel, qtbot: QtBot) -> None:
    line = panel.findChild(QLineEdit, "document_filter")
    assert line is not None
    with qtbot.waitSignal(panel.user_actions.shown_changed) as shown:
        QTest.keyClicks(line, "tax")
    assert shown.args == ["", "tax"]
    panel.tabs.setCurrentIndex(1)
    search = panel.findChild(QLineEdit, "test_search")
    assert search is not None
    with qtbot.waitSignal(panel.user_actions.search_requested) as asked:
        QTest.keyClicks(search, "how much")
    assert asked.args == ["how much", ""]


def test_a_pasted_text_is_given_with_its_title(panel: KnowledgePanel, qtbot: QtBot) -> None:
    given: list[tuple[str, str]] = []
    panel.user_actions.text_pasted.connect(lambda title, text: given.append((title, text)))
    QTest.mouseClick(panel.paste_button, Qt.MouseButton.LeftButton)
    dialog = panel.findChild(QWidget, "paste_dialog")
    assert dialog is not None
    text, title = dialog.findChild(QPlainTextEdit, "paste_text"), dialog.findChild(QLineEdit, "paste_title")
    add = dialog.findChild(QPushButton, "paste_add_button")
    assert text is not None
    assert title is not None
    assert add is not None
    assert not add.isEnabled()
    text.setPlainText("Zephyr was built in 1987.")
    title.setText("Zephyr")
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    assert given == [("Zephyr", "Zephyr was built in 1987.")]


def test_the_strip_says_how_far_the_import_is(panel: KnowledgePanel) -> None:
    status = panel.status
    assert status.words() == ""
    status.set_progress(ImportProgress(3, 10, 3, pending_vectors=1200))
    assert "3 of 10 files" in status.words()
    assert f"{QLocale().toString(1200)} vectors left" in status.words()
    assert status.bar.share == pytest.approx(0.3)
    paused: list[bool] = []
    panel.user_actions.pause_toggled.connect(paused.append)
    QTest.mouseClick(status.pause_button, Qt.MouseButton.LeftButton)
    assert paused == [True]
    status.set_progress(ImportProgress(10, 10, 8, 1, 1, 2, ("a.mp4", "b.iso")))
    assert "8 documents added · 1 was there already · 1 failed" in status.words()
    assert "a.mp4, b.iso" in status.words()
    QTest.mouseClick(status.cancel_button, Qt.MouseButton.LeftButton)
    assert status.words() == ""


def test_the_strip_says_that_vectors_are_made_anew_and_can_be_paused(panel: KnowledgePanel) -> None:
    status = panel.status
    status.set_progress(ImportProgress(vectors_to_renew=1200))
    count = QLocale().toString(1200)
    assert status.words() == f"{count} vectors are made anew for a better search; you can go on asking."
    assert status.pause_button.isVisibleTo(status)
    status.set_progress(ImportProgress(vectors_to_renew=1200, paused=True))
    assert status.words() == f"Paused: {count} vectors are to be made anew for a better search."
    status.set_progress(ImportProgress())
    assert status.words() == ""


def test_a_web_page_is_asked_for_and_a_private_one_is_allowed_by_the_person(panel: KnowledgePanel) -> None:
    given: list[str] = []
    panel.user_actions.address_given.connect(given.append)
    panel.questions.ask_for_address()
    dialog = panel.findChild(QInputDialog, "address_dialog")
    assert dialog is not None
    dialog.setTextValue(" example.org/a ")
    dialog.accept()
    assert given == ["https://example.org/a"]
    allowed: list[tuple[str, str, str]] = []
    panel.user_actions.host_allowed.connect(lambda *answer: allowed.append(answer))
    panel.questions.ask_to_allow("http://wiki.example/", "wiki.example", "c1")
    box = panel.findChild(QMessageBox, "private_network_box")
    assert box is not None
    assert box.textFormat() == Qt.TextFormat.PlainText
    fetch = box.findChild(QPushButton, "fetch_private_button")
    assert fetch is not None
    assert box.defaultButton() is not fetch
    QTest.mouseClick(fetch, Qt.MouseButton.LeftButton)
    assert allowed == [("http://wiki.example/", "wiki.example", "c1")]


def test_large_documents_ask_whether_they_shall_have_vectors(panel: KnowledgePanel, qtbot: QtBot) -> None:
    large = document(1, state=DocumentState.SEARCHABLE, words_only=True, passages=30_000)
    panel.show_documents([document(0), large], [])
    offer = panel.page.vectors_offer
    assert offer.isVisible()
    assert "1 large document is found by its words only." in offer.words()
    assert "20 minutes" in offer.words()
    assert "found by its words" in facts_of(DocumentRow.of_document(large))
    with qtbot.waitSignal(panel.user_actions.vectors_requested) as asked:
        QTest.mouseClick(offer.button, Qt.MouseButton.LeftButton)
    assert asked.args == [["d1"]]
    assert not offer.isVisible()
    wanted = document(1, state=DocumentState.SEARCHABLE, passages=30_000)
    panel.list.documents.apply([FileProgress(large.path, FileStep.VECTORS, wanted, None, 0, 30_000)])
    panel.page.show_list()
    assert not offer.isVisible()
    assert "vectors left" in facts_of(DocumentRow.of_document(wanted))


def test_a_name_that_is_no_valid_text_is_shown_and_kept(panel: KnowledgePanel, qtbot: QtBot) -> None:
    path = os.fsdecode(b"/home/anna/na\xffme.txt")
    odd = document(1, path=path, title="na\ufffdme")
    failed = ImportReport(path + "x", ImportOutcome.FAILED, "It is damaged.")
    panel.show_documents([odd], [DocumentRow(failed.path, FileStep.FINISHED, None, failed)])
    model = panel.list.documents
    assert sorted(titles(panel)) == ["na\ufffdme", "na\ufffdme.txtx"]
    assert "na\ufffdme" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    panel.grab()
    with qtbot.waitSignal(panel.user_actions.original_requested) as asked:
        panel.user_actions.original_requested.emit(path)
    assert asked.args == [path]
    data = QMimeData()
    data.setUrls([QUrl.fromEncoded(b"file:///home/anna/na%FFme%20%C3%A9.txt")])
    assert [os.fsencode(found) for found in local_files(data)] == [b"/home/anna/na\xffme \xc3\xa9.txt"]


@pytest.mark.parametrize(
    ("days", "words"), [(30, "30 days left"), (1, "1 day left"), (0, "goes today"), (-2, "goes today")]
)
def test_the_trash_says_how_long_a_document_stays(days: int, words: str) -> None:
    gone = datetime(2026, 3, 2, tzinfo=UTC)
    row = DocumentRow.of_document(document(1, deleted_at=gone), days)
    assert facts_of(row).startswith(words)
    half_read = document(1, deleted_at=gone, state=DocumentState.SEARCHABLE)
    assert "vectors left" not in facts_of(DocumentRow.of_document(half_read, days))
    model = DocumentModel()
    model.set_documents([document(1, deleted_at=gone), document(2)], [], {"d1": days})
    shown = [facts_of(model.data(model.index(n), ROW_ROLE)) for n in range(2)]
    assert [words in facts for facts in shown].count(True) == 1
