"""The knowledge panel in the real window: collections, numbers, order and failures, with the real import."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from chatbot_app.ui.knowledge.document_order import DocumentOrder
from tests.e2e.person import Launch, Person
from tests.e2e.test_documents import IMPORT_MS, drop, wait_for_import

pytestmark = pytest.mark.xdist_group("e2e")


def shown_titles(person: Person) -> list[str]:
    model = person.application.window.knowledge_panel.list.model()
    return [model.index(place, 0).data() for place in range(model.rowCount())]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "Notes"
    folder.mkdir()
    for name, words in (("alpha", "turbine"), ("beta", "harbour"), ("gamma", "glacier")):
        (folder / f"{name}.md").write_text(f"The {words} was opened in 1987.")
    return folder


def test_a_folder_lands_in_the_collection_that_was_just_made(launch: Launch, notes: Path) -> None:
    person = launch()
    panel = person.application.window.knowledge_panel
    panel.user_actions.collection_named.emit("Wind & sea", [])
    person.qtbot.waitUntil(lambda: "Wind" in panel.collection_box.currentText())
    drop(person, notes)
    documents = wait_for_import(person, 3)
    library = person.application.services.library.documents
    assert len(library.documents(panel.collection_id)) == len(documents)
    person.qtbot.waitUntil(lambda: panel.collection_box.currentText() == "Wind & sea  (3)")
    assert panel.collection_box.itemText(0) == "All documents  (3)"


def test_the_order_stays_through_imports_and_launches(launch: Launch, notes: Path) -> None:
    person = launch()
    panel = person.application.window.knowledge_panel
    drop(person, notes)
    wait_for_import(person, 3)
    person.qtbot.waitUntil(lambda: panel.collection_box.itemText(0) == "All documents  (3)", timeout=10_000)
    menu = panel.header.make_menu()
    next(action for action in menu.actions() if action.data() == DocumentOrder.NAME.value).trigger()
    menu.deleteLater()
    assert shown_titles(person) == ["alpha", "beta", "gamma"]
    (notes / "aaa.md").write_text("The zephyr was opened in 1911.")
    drop(person, notes / "aaa.md")
    wait_for_import(person, 4)
    assert shown_titles(person) == ["aaa", "alpha", "beta", "gamma"]
    person.qtbot.waitUntil(lambda: not panel.status.progress.is_running)
    person.application.shutdown()

    again = launch()
    model = again.application.window.knowledge_panel.list.documents
    again.qtbot.waitUntil(lambda: model.rowCount() == 4)
    assert shown_titles(again) == ["aaa", "alpha", "beta", "gamma"]


def test_failures_are_one_click_away_and_a_mended_file_is_read_with_another(
    launch: Launch, notes: Path
) -> None:
    broken, empty = notes / "broken.pdf", notes / "empty.md"
    broken.write_bytes(b"%PDF-1.4 and then nothing")
    empty.write_bytes(b"")
    person = launch()
    panel = person.application.window.knowledge_panel
    person.application.window.show_knowledge()
    drop(person, notes)
    failed = person.find(QPushButton, "import_failed_button")
    person.qtbot.waitUntil(lambda: failed.isVisible() and failed.text() == "2 failed", timeout=IMPORT_MS)
    person.qtbot.waitUntil(lambda: not panel.status.progress.is_running, timeout=IMPORT_MS)
    person.qtbot.mouseClick(failed, Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: len(shown_titles(person)) == 2)
    reasons = [row.report.reason for row in panel.list.shown() if row.report is not None]
    assert any("is empty" in reason for reason in reasons)

    empty.write_text("Now it says something about walruses.")
    person.click("retry_all_failed_button")
    person.qtbot.waitUntil(
        lambda: panel.list.documents.failed_count == 1 and not panel.status.progress.is_running,
        timeout=IMPORT_MS,
    )
    person.qtbot.waitUntil(
        lambda: person.find(QPushButton, "failed_filter_button").text() == "1 failed", timeout=10_000
    )
    row = next(row for row in panel.list.shown() if row.has_failed)
    panel.list.setCurrentIndex(
        next(
            index
            for place in range(panel.list.model().rowCount())
            if (index := panel.list.model().index(place, 0)).data() == Path(row.path).stem
            or index.data() == Path(row.path).name
        )
    )
    person.click("remove_failed_button")
    person.qtbot.waitUntil(lambda: panel.list.documents.failed_count == 0, timeout=10_000)
