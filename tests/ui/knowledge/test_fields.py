"""The fields of documents in the window: seen in list, details, sources and inspector; corrected and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton
from pytestqt.qtbot import QtBot

from chatbot_app.core.document_fields import DocumentFields, FieldMatch, FieldsAsked
from chatbot_app.core.documents import (
    Document,
    DocumentState,
    Evidence,
    ParsedDocument,
    Passage,
    PassageDraft,
    Retrieval,
    StageScores,
)
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.fields.written import (
    NotADate,
    NotAPeriod,
    date_written,
    kind_written,
    period_written,
)
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.ui.knowledge.document_dialogs import DocumentDetails
from chatbot_app.ui.knowledge.document_words import DocumentRow, facts_of
from chatbot_app.ui.knowledge.evidence_list import EvidenceModel, chips_placed
from chatbot_app.ui.knowledge.field_form import FieldForm
from chatbot_app.ui.knowledge.field_words import asked_words, date_shown
from chatbot_app.ui.knowledge.fields_controller import FieldsController
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.ui.knowledge.retrieval_inspector import RetrievalInspector
from chatbot_app.workers.task_runner import TaskRunner

FIELDS = DocumentFields("Pear Inc.", "10-Q", "2023-Q3", "2023-07-01")


class Library:
    """A store with one report, and its fields."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(DataPaths(folder))
        self.documents = DocumentStore(
            self.database, now=lambda: datetime(2026, 1, 1, tzinfo=UTC), new_id=lambda: "report"
        )
        self.fields = FieldStore(self.database)
        self.documents.register(Source("/x/report.pdf", "report", 4, "aa"))
        parsed = ParsedDocument("report", "text", (), "text/plain")
        self.documents.store_passages("report", parsed, [PassageDraft(0, 0, 4, "text", None, (), "")])
        self.fields.keep_read({"report": FIELDS}, 1)

    @property
    def document(self) -> Document:
        return self.documents.document("report")


class Screen(QObject):
    """The panel with what stores corrections."""

    def __init__(self, qtbot: QtBot, library: Library, runner: TaskRunner) -> None:
        self.panel = KnowledgePanel()
        qtbot.addWidget(self.panel)
        super().__init__(self.panel)
        self.controller = FieldsController(self.panel, library, runner, self)
        self.panel.show()
        self.panel.details.open(DocumentRow.of_document(library.document))
        (self.details,) = self.panel.findChildren(DocumentDetails)

    def edit(self, name: str) -> QLineEdit:
        found = self.details.findChild(QLineEdit, f"field_{name}")
        assert isinstance(found, QLineEdit)
        return found

    def note(self, name: str) -> str:
        found = self.details.findChild(QLabel, f"field_{name}_note")
        assert isinstance(found, QLabel)
        return found.text()

    def button(self, name: str) -> QPushButton:
        found = self.panel.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    def write(self, qtbot: QtBot, name: str, text: str) -> None:
        self.edit(name).selectAll()
        qtbot.keyClick(self.edit(name), Qt.Key.Key_Delete)
        qtbot.keyClicks(self.edit(name), text)


@pytest.fixture
def library(data_dir: Path) -> Iterator[Library]:
    opened = Library(data_dir)
    yield opened
    opened.database.close()


@pytest.fixture
def screen(qtbot: QtBot, library: Library) -> Iterator[Screen]:
    runner = TaskRunner()
    yield Screen(qtbot, library, runner)
    runner.shutdown()


def test_a_person_sees_corrects_and_takes_back(qtbot: QtBot, library: Library, screen: Screen) -> None:
    assert [screen.edit(name).text() for name in ("company", "kind", "period", "date")] == [
        "Pear Inc.",
        "10-Q",
        "Q3 2023",
        "2023-07-01",
    ]
    assert screen.note("period") == "read from the document"
    save = screen.button("details_save_button")
    assert not save.isEnabled()
    screen.write(qtbot, "period", "third quarter of 2022")
    assert screen.note("period") == "not saved yet"
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.document.fields.period == "2022-Q3")
    qtbot.waitUntil(lambda: screen.note("period") == "corrected by you")
    assert screen.edit("period").text() == "Q3 2022"
    assert library.document.fields.corrected == {"period"}
    undo = screen.button("fields_undo_action")
    assert undo.isVisible()
    undo.click()
    qtbot.waitUntil(lambda: library.document.fields == FIELDS)
    qtbot.waitUntil(lambda: screen.edit("period").text() == "Q3 2023")


def test_what_is_no_date_gets_a_sentence_and_is_not_stored(
    qtbot: QtBot, library: Library, screen: Screen
) -> None:
    screen.write(qtbot, "date", "31 February 2023")
    screen.write(qtbot, "period", "soon")
    qtbot.keyClick(screen.edit("period"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is no date" in screen.note("date"))
    assert "“soon” is no period" in screen.note("period")
    assert library.document.fields == FIELDS
    assert screen.details.isVisible()


def test_sentences_on_what_is_wrong_are_not_cut(qtbot: QtBot, library: Library, screen: Screen) -> None:
    screen.write(qtbot, "date", "31 Foo 2023")
    screen.write(qtbot, "period", "July 2023")
    qtbot.keyClick(screen.edit("period"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is no date" in screen.note("date"))
    for name in ("period", "date"):
        note = screen.details.findChild(QLabel, f"field_{name}_note")
        assert isinstance(note, QLabel)
        wanted = note.heightForWidth(note.width())
        assert wanted > note.fontMetrics().height() * 1.5  # two lines
        qtbot.waitUntil(lambda note=note, wanted=wanted: note.height() >= wanted)
        assert note.geometry().top() >= screen.edit(name).geometry().bottom()


def test_a_long_name_is_seen_from_its_beginning(qtbot: QtBot) -> None:
    form = FieldForm(DocumentFields("Society for the Preservation of Everything That Is Long " * 3))
    qtbot.addWidget(form)
    company = form.findChild(QLineEdit, "field_company")
    assert company is not None
    assert company.cursorPosition() == 0


def test_an_empty_field_says_that_there_is_none_and_goes_back_to_what_was_read(
    qtbot: QtBot, library: Library, screen: Screen
) -> None:
    screen.write(qtbot, "company", "")
    screen.button("details_save_button").click()
    qtbot.waitUntil(lambda: screen.note("company") == "corrected by you")
    assert library.document.fields.company == ""
    screen.button("field_company_reset").click()
    qtbot.waitUntil(lambda: screen.edit("company").text() == "Pear Inc.")
    assert not library.document.fields.corrected
    assert screen.note("company") == "read from the document"


def test_a_mere_file_has_no_fields_to_correct(qtbot: QtBot, library: Library) -> None:
    library.documents.register(Source("/x/other.pdf", "other", 4, "aa"))
    importing = Document("x", "x", "/x", "", 0, "", DocumentState.IMPORTING, datetime(2026, 1, 1, tzinfo=UTC))
    details = DocumentDetails(DocumentRow.of_document(importing))
    qtbot.addWidget(details)
    assert details.findChild(QLineEdit, "field_company") is None


def test_the_list_shows_what_tells_documents_apart(library: Library) -> None:
    assert facts_of(DocumentRow.of_document(library.document)).startswith("Pear Inc.  ·  10-Q  ·  Q3 2023")


def test_the_inspector_says_in_plain_words_how_fields_counted(qtbot: QtBot) -> None:
    passage = Passage(1, "d", 0, 0, 4, "text", 3, (), "")
    right = Evidence(
        passage,
        "one",
        "/1.pdf",
        StageScores(1, 0.5, 0.5, 0.8, 0.2, sentence=0.71),
        FIELDS,
        FieldMatch.FITS,
        ("<b>two</b>",),
    )
    wrong = Evidence(
        passage, "two", "/2.pdf", StageScores(1, 0.5, 0.5, 0.3, -0.3), DocumentFields(), FieldMatch.DIFFERS
    )
    asked = FieldsAsked(("Pear Inc.",), ("10-Q",), ("Q3 2023",), 1)
    inspector = RetrievalInspector(LibraryActions())
    qtbot.addWidget(inspector)
    inspector.show_retrieval(Retrieval("q", "q", (right, wrong), asked=asked))
    # Each row is as high as its scores need, however narrow the panel is.
    view = inspector.findChild(QListView, "retrieval_list")
    assert isinstance(view, QListView)
    inspector.show()
    heights = []
    for width in (900, 300):
        inspector.resize(width, 500)
        qtbot.waitUntil(lambda width=width: view.viewport().width() > width - 60)
        rows = view.model()
        assert isinstance(rows, EvidenceModel)
        wide = view.viewport().width() - view.fontMetrics().height()
        chips = chips_placed(view.font(), rows.chips_of(right), wide)
        lines = {chip.box.top() for chip in chips}
        height = view.sizeHintForIndex(rows.index(0, 0)).height()
        assert height > chips[-1].box.bottom() + 3 * view.fontMetrics().height()
        heights.append((len(lines), height))
    assert heights[1][0] > heights[0][0]
    assert heights[1][1] > heights[0][1]
    summary = inspector.findChild(QLabel, "retrieval_summary")
    assert isinstance(summary, QLabel)
    assert "Asks about 1 document (Pear Inc., 10-Q, Q3 2023)" in summary.text()
    model = inspector.findChildren(QObject)
    spoken = [
        item.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for item in model
        if hasattr(item, "chips_of")
    ]
    assert "is asked for +0.20" in spoken[0]
    assert "its nearest sentence 0.71" in spoken[0]
    (passages,) = (item for item in model if hasattr(item, "chips_of"))
    # Nobody looked at the second one again.
    assert "its nearest sentence" not in passages.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "the same words in others 1" in spoken[0]
    assert "several" not in asked_words(asked)
    assert asked_words(FieldsAsked(documents=3)).startswith("Asks about 3 documents: ")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Q3 2023", "2023-Q3"),
        ("3. Quartal 2023", "2023-Q3"),
        ("fy22", "2022"),
        ("2021/22", "2021/2022"),
        ("", ""),
    ],
)
def test_periods_as_people_write_them(text: str, stored: str) -> None:
    assert period_written(text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("terzo trimestre 2023", "2023-Q3"),
        ("tredje kvartalet 2023", "2023-Q3"),
        ("kvartal 3 2023", "2023-Q3"),
        ("3e kwartaal 2023", "2023-Q3"),
        ("terceiro trimestre de 2023", "2023-Q3"),
        ("trzeci kwartał 2023", "2023-Q3"),
        ("III kwartał 2023", "2023-Q3"),
        ("första halvåret 2023", "2023-H1"),
        ("eerste halfjaar 2023", "2023-H1"),
        ("I półrocze 2023", "2023-H1"),
        ("Q3/2023", "2023-Q3"),
        ("Q3/23", "2023-Q3"),
        ("2021-22", "2021/2022"),
        ("2021–2022", "2021/2022"),
    ],
)
def test_periods_in_more_languages_and_notations(text: str, stored: str) -> None:
    assert period_written(text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1 luglio 2023", "2023-07-01"),
        ("1 de julho de 2023", "2023-07-01"),
        ("1 lipca 2023 r.", "2023-07-01"),
        ("31 maart 2023", "2023-03-31"),
        ("15 maj 2023", "2023-05-15"),
        ("15 maja 2023", "2023-05-15"),
        ("1. marts 2023", "2023-03-01"),
        ("augustus 2023", "2023-08"),
        ("1-jul-2023", "2023-07-01"),
        ("Jul-2023", "2023-07"),
        ("07/2023", "2023-07"),
        ("20230701", "2023-07-01"),
    ],
)
def test_dates_in_more_languages_and_notations(text: str, stored: str) -> None:
    assert date_written(text) == stored


@pytest.mark.parametrize("text", ["1 Brachet 2023", "Q3 2023", "13/2023", "week 12 2023"])
def test_a_date_that_is_half_understood_is_none(text: str) -> None:
    with pytest.raises(NotADate):
        date_written(text)


@pytest.mark.parametrize("text", ["July 2023", "1 July 2023", "half year 2023", "2021-25"])
def test_a_period_that_is_half_understood_is_none(text: str) -> None:
    with pytest.raises(NotAPeriod):
        period_written(text)


@pytest.mark.parametrize("text", ["soon", "Q7 2023", "Q3", "2022 and 2023"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(NotAPeriod):
        period_written(text)


@pytest.mark.parametrize(
    ("text", "stored"),
    [("1 July 2023", "2023-07-01"), ("01.07.2023", "2023-07-01"), ("July 2023", "2023-07"), ("2023", "2023")],
)
def test_dates_as_people_write_them(text: str, stored: str) -> None:
    assert date_written(text) == stored


@pytest.mark.parametrize("text", ["2023-02-31", "yesterday", "31 February 2023", "the 1980s"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(NotADate):
        date_written(text)


def test_kinds_in_their_usual_spelling() -> None:
    assert (kind_written("10q"), kind_written("Annual Report"), kind_written("Board paper")) == (
        "10-Q",
        "annual report",
        "Board paper",
    )


@pytest.mark.parametrize(("name", "shown"), [("C", "2026-07-06"), ("de_DE", "06.07.26"), ("en_US", "7/6/26")])
def test_a_day_is_written_as_people_do_here(name: str, shown: str) -> None:
    """Qt writes "6 07 2026" where no language is set."""
    before = QLocale()
    QLocale.setDefault(QLocale(name))
    try:
        assert date_shown("2026-07-06") == shown
    finally:
        QLocale.setDefault(before)
