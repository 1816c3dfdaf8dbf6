"""The list of documents keeps the order that was chosen, whatever comes and goes; failures stand apart."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.documents import Collection, Document, DocumentState, ImportOutcome, ImportReport
from chatbot_app.knowledge.importing.events import FileProgress, FileStep, ImportProgress
from chatbot_app.ui.knowledge.document_model import DocumentModel
from chatbot_app.ui.knowledge.document_order import DocumentOrder, natural_key, order_of
from chatbot_app.ui.knowledge.panel import TRASH, KnowledgePanel
from tests.ui.knowledge.test_panel import document

START = datetime(2026, 3, 1, tzinfo=UTC)


def made(number: int, title: str, **values: object) -> Document:
    return document(
        number,
        title=title,
        path=f"/home/anna/{title}",
        imported_at=START + timedelta(seconds=number),
        **values,
    )


def failed(path: str) -> FileProgress:
    report = ImportReport(path, ImportOutcome.FAILED, f"“{path}” is damaged.", "DocumentDamaged")
    return FileProgress(path, FileStep.FINISHED, None, report)


def titles(model: QAbstractItemModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.fixture
def panel(qtbot: QtBot) -> KnowledgePanel:
    shown = KnowledgePanel()
    qtbot.addWidget(shown)
    shown.resize(340, 700)
    shown.show()
    QAbstractItemModelTester(
        shown.list.documents, QAbstractItemModelTester.FailureReportingMode.Warning, shown
    )
    return shown


def import_names(model: DocumentModel, names: Iterable[str], first: int = 0) -> list[Document]:
    """Import files as the worker tells of it; return the documents, the newest first."""
    paths = [f"/home/anna/{name}" for name in names]
    model.apply([FileProgress(path, FileStep.WAITING) for path in paths])
    documents = []
    for number, path in enumerate(paths, first):
        model.apply([FileProgress(path, FileStep.READING)])
        new = made(number, path.rpartition("/")[2])
        model.apply([FileProgress(path, FileStep.VECTORS, new, None, 1, 84)])
        model.apply([FileProgress(path, FileStep.FINISHED, new, None)])
        documents.insert(0, new)
    return documents


@pytest.mark.parametrize("order", list(DocumentOrder))
def test_an_import_leaves_the_list_as_a_new_reading_shows_it(
    panel: KnowledgePanel, order: DocumentOrder
) -> None:
    panel.page.set_order(order)
    names = [f"page {number}.pdf" for number in (1, 2, 9, 10, 11)]
    documents = import_names(panel.list.documents, names)
    shown = titles(panel.list.documents)
    panel.show_documents(documents, [])
    assert titles(panel.list.documents) == shown
    assert shown == (names[::-1] if order is DocumentOrder.NEWEST else names)


def test_a_chosen_order_survives_an_import_and_is_told(panel: KnowledgePanel, qtbot: QtBot) -> None:
    panel.show_documents([made(2, "b"), made(1, "c"), made(0, "a")], [])
    assert titles(panel.list.documents) == ["b", "c", "a"]
    assert panel.header.order_button.text() == "Newest first"
    menu = panel.header.make_menu()
    with qtbot.waitSignal(panel.user_actions.order_chosen) as told:
        menu.actions()[1].trigger()
    assert told.args == ["name"]
    assert panel.header.order_button.text() == "By name"
    assert titles(panel.list.documents) == ["a", "b", "c"]
    import_names(panel.list.documents, ["ab", "d"], 5)
    assert titles(panel.list.documents) == ["a", "ab", "b", "c", "d"]


def test_what_is_selected_stays_selected_in_another_order(panel: KnowledgePanel) -> None:
    panel.show_documents([made(2, "b"), made(1, "c"), made(0, "a")], [])
    panel.list.setCurrentIndex(panel.list.model().index(2, 0))
    panel.page.set_order(DocumentOrder.NAME)
    assert [row.document_id for row in panel.list.chosen()] == ["d0"]


def test_names_are_sorted_as_people_do() -> None:
    names = ["Page 10", "page 9", "2 b", "10 a", "Äpfel", "apple", "a٣", "a٢", ""]
    assert sorted(names, key=natural_key) == [
        "",
        "2 b",
        "10 a",
        "a٢",
        "a٣",
        "apple",
        "page 9",
        "Page 10",
        "Äpfel",
    ]
    assert order_of("size") is DocumentOrder.SIZE
    assert order_of("of an older version") is DocumentOrder.NEWEST


@given(
    st.lists(
        st.tuples(
            st.integers(0, 6),
            st.sampled_from(["waiting", "reading", "searchable", "ready", "failed", "gone"]),
        ),
        max_size=40,
    ),
    st.sampled_from(list(DocumentOrder)),
    st.integers(1, 5),
)
def test_whatever_happens_each_row_is_there_once_and_in_order(
    qapp: object, steps: list[tuple[int, str]], order: DocumentOrder, batch: int
) -> None:
    model = DocumentModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.set_order(order)
    expected: dict[str, str] = {}
    progress = []
    for number, step in steps:
        path = f"/home/anna/f{number}"
        state = expected.get(path)
        is_document = state in ("searchable", "ready")
        if step == "failed" and is_document:
            continue
        if step == "gone":
            model.apply(progress)
            progress = []
            if is_document:
                model.remove_document(f"d{number}")
            else:
                model.remove_file(path)
            expected.pop(path, None)
            continue
        if step in ("searchable", "ready"):
            new = made(number, f"f{number}")
            vectors = step == "searchable"
            progress.append(FileProgress(path, FileStep.VECTORS if vectors else FileStep.FINISHED, new, None))
        elif step == "failed":
            progress.append(failed(path))
        else:
            progress.append(FileProgress(path, FileStep(step)))
        expected[path] = state if is_document and step in ("waiting", "reading") else step  # type: ignore[assignment]
        if len(progress) >= batch:
            model.apply(progress)
            progress = []
    model.apply(progress)
    shown = [model.row_at(model.index(place)) for place in range(model.rowCount())]
    assert sorted(row.path for row in shown if row is not None) == sorted(expected)
    assert model.failed_count == sum(step == "failed" for step in expected.values())
    keys = [model.sort_key(row) for row in shown if row is not None]
    assert keys == sorted(keys)


def test_a_thousand_files_at_once_are_told_in_few_steps(panel: KnowledgePanel) -> None:
    model = panel.list.documents
    model.set_order(DocumentOrder.NAME)
    inserted: list[object] = []
    model.rowsInserted.connect(lambda: inserted.append(1))
    names = [f"{number}.txt" for number in range(1000)]
    random.Random(1).shuffle(names)
    model.apply([FileProgress(f"/x/{name}", FileStep.WAITING) for name in names])
    assert len(inserted) == 1
    assert titles(model) == names


# --- failures ----------------------------------------------------------------------------------------


def named(panel: KnowledgePanel, name: str) -> QPushButton:
    button = panel.findChild(QPushButton, name)
    assert button is not None
    return button


def click(panel: KnowledgePanel, name: str) -> None:
    QTest.mouseClick(named(panel, name), Qt.MouseButton.LeftButton)


def with_failures(panel: KnowledgePanel) -> None:
    panel.show_documents([made(1, "good"), made(0, "bad", state=DocumentState.FAILED)], [])
    panel.list.documents.apply([failed("/home/anna/broken.pdf"), failed("/home/anna/empty.txt")])
    panel.page.show_list()


def test_a_click_on_what_failed_shows_the_failures_with_their_reasons(panel: KnowledgePanel) -> None:
    with_failures(panel)
    panel.filter_edit.setText("good")
    panel.status.set_progress(ImportProgress(4, 4, 1, failed=3))
    assert "1 document added · 3 failed" in panel.status.words()
    asked: list[tuple[str, str]] = []
    panel.user_actions.shown_changed.connect(lambda *what: asked.append(what))
    click(panel, "import_failed_button")
    assert asked == [("", "")]
    assert sorted(titles(panel.list.model())) == ["bad", "broken.pdf", "empty.txt"]
    assert named(panel, "failed_filter_button").isChecked()
    assert panel.page.failure_bar.isVisible()
    click(panel, "failed_filter_button")
    assert len(titles(panel.list.model())) == 4
    assert not panel.page.failure_bar.isVisible()


def test_failures_are_tried_again_one_or_all_and_removed(panel: KnowledgePanel) -> None:
    with_failures(panel)
    click(panel, "failed_filter_button")
    again: list[list[Path]] = []
    removed: list[list[str]] = []
    panel.user_actions.again_requested.connect(again.append)
    panel.user_actions.removal_requested.connect(lambda rows: removed.append([row.path for row in rows]))
    assert not named(panel, "retry_failed_button").isEnabled()
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))
    [chosen] = panel.list.chosen()
    click(panel, "retry_failed_button")
    assert again.pop() == [Path(chosen.path)]
    click(panel, "retry_all_failed_button")
    assert len(again.pop()) == 3
    click(panel, "remove_failed_button")
    assert removed == [[chosen.path]]


def test_what_is_tried_again_stays_until_its_end_is_seen(panel: KnowledgePanel) -> None:
    with_failures(panel)
    click(panel, "failed_filter_button")
    model = panel.list.documents
    model.apply([FileProgress("/home/anna/broken.pdf", FileStep.READING)])
    panel.page.show_list()
    assert "broken.pdf" in titles(panel.list.model())
    model.apply([FileProgress("/home/anna/broken.pdf", FileStep.FINISHED, made(7, "broken.pdf"), None)])
    panel.page.show_list()
    assert "broken.pdf" in titles(panel.list.model())
    assert named(panel, "failed_filter_button").text() == "2 failed"


def test_failures_are_offered_only_while_there_are_any_and_never_in_the_trash(panel: KnowledgePanel) -> None:
    panel.show_documents([made(1, "good")], [])
    assert not named(panel, "failed_filter_button").isVisible()
    with_failures(panel)
    click(panel, "failed_filter_button")
    panel.show_collections([], 4, 2)
    panel.collection_box.setCurrentIndex(panel.collection_box.findData(TRASH))
    panel.show_documents([made(9, "thrown away")], [])
    assert titles(panel.list.model()) == ["thrown away"]
    assert not named(panel, "failed_filter_button").isVisible()


def test_when_the_last_failure_is_gone_the_list_says_so_and_the_way_back_stays(panel: KnowledgePanel) -> None:
    with_failures(panel)
    click(panel, "failed_filter_button")
    panel.show_documents([made(1, "good")], [])
    assert panel.page.empty.isVisible()
    click(panel, "failed_filter_button")
    assert titles(panel.list.model()) == ["good"]


# --- collections, offers -----------------------------------------------------------------------------


def test_a_new_collection_is_shown_as_soon_as_it_is_offered(panel: KnowledgePanel) -> None:
    asked: list[tuple[str, str]] = []
    panel.user_actions.shown_changed.connect(lambda *what: asked.append(what))
    panel.show_collections([], 3, 0)
    panel.collection_box.choose("c1")
    panel.show_collections([Collection("c1", "Taxes", 0)], 3, 0)
    assert panel.collection_id == "c1"
    assert asked == [("c1", "")]


def test_numbers_follow_while_the_list_is_open(panel: KnowledgePanel) -> None:
    panel.show_collections([Collection("c1", "Taxes", 1)], 1, 1)
    panel.collection_box.showPopup()
    panel.show_collections([Collection("c1", "Taxes", 40)], 120, 1)
    assert panel.collection_box.view().isVisible()
    assert [panel.collection_box.itemText(place) for place in (0, 1, 3)] == [
        "All documents  (120)",
        "Taxes  (40)",
        "Trash  (1)",
    ]
    panel.collection_box.hidePopup()


def test_what_was_added_once_is_said_for_a_while(panel: KnowledgePanel, qtbot: QtBot) -> None:
    banner = panel.findChild(QWidget, "watch_offer")
    assert banner is not None
    panel.offers.watch_time.setInterval(1)
    panel.offers.offer_watch([Path("/home/anna/Papers")])
    assert banner.isVisible()
    qtbot.waitUntil(lambda: not banner.isVisible())
    assert not panel.offers.isVisible()
