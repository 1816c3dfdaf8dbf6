"""A passage is marked where it stands: on the page, in the text; and it is said where that is not possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QPlainTextEdit
from pytestqt.qtbot import QtBot

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.documents import Document, DocumentState, Evidence, Passage, Retrieval, StageScores
from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.places.passage_opening import OpenedPassage, Remark
from chatbot_app.knowledge.places.pdf_pages import DrawnPage, PageBox
from chatbot_app.knowledge.places.stored_places import StoredPlace
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.ui.knowledge.retrieval_inspector import RetrievalInspector

DOCUMENT = Document(
    "d1",
    "Report <b>1</b>",
    "/home/anna/report.pdf",
    "application/pdf",
    10,
    "0" * 64,
    DocumentState.READY,
    datetime(2026, 3, 1, tzinfo=UTC),
)


def opened(text: str, start: int, end: int, **values: object) -> OpenedPassage:
    known: dict[str, object] = {
        "document": DOCUMENT,
        "span": Span(start, end),
        "number": 2,
        "count": 3,
        "page_number": None,
        "heading": "",
        "text": text,
        "highlight": Span(start, end),
        "cut_before": False,
        "cut_after": False,
        "page": None,
        "remark": Remark.NONE,
        "previous": StoredPlace(Span(0, 1), "S"),
        "next": None,
    }
    return OpenedPassage(**{**known, **values})  # type: ignore[arg-type]


def test_source_code_is_shown_in_whole_lines(viewer: PassageViewer) -> None:
    text = "def f():\n" + "    return 1  # " + "x" * 900
    code = replace(DOCUMENT, path="/home/anna/run.py")
    viewer.show_passage(opened(text, 0, 8, document=code))
    assert viewer.text_view.property("look") == "code"
    assert viewer.text_view.lineWrapMode() is QPlainTextEdit.LineWrapMode.NoWrap
    viewer.show_passage(opened(text, 0, 8, document=replace(DOCUMENT, path="/home/anna/notes.txt")))
    assert viewer.text_view.property("look") == ""
    assert viewer.text_view.lineWrapMode() is QPlainTextEdit.LineWrapMode.WidgetWidth


@pytest.fixture
def viewer(qtbot: QtBot) -> PassageViewer:
    shown = PassageViewer()
    qtbot.addWidget(shown)
    shown.resize(500, 600)
    shown.show()
    return shown


def label(viewer: PassageViewer, name: str) -> str:
    found = viewer.findChild(QLabel, name)
    assert found is not None
    return "" if found.isHidden() else found.text()


def test_a_passage_in_a_text_is_marked_and_in_sight(viewer: PassageViewer) -> None:
    before = "First line, with \U0001f600 and \u202e.\n" * 300
    text = before + "The turbine was built in 1987." + "\nAfter." * 300
    start = len(before)
    viewer.show_passage(opened(text, start, start + 30))
    assert viewer.highlighted_text() == "The turbine was built in 1987."
    cursor = viewer.text_view.cursorRect()
    assert viewer.text_view.viewport().rect().contains(cursor.topLeft())
    assert label(viewer, "passage_title") == "Report <b>1</b>"
    assert "passage 2 of 3" in label(viewer, "passage_place")


def test_whose_document_it_is_stands_below_its_title(viewer: PassageViewer) -> None:
    known = replace(DOCUMENT, fields=DocumentFields("Pear <b>Inc.</b>", "10-Q", "2023-Q3", "2023-07-01"))
    viewer.show_passage(opened("text", 0, 4, document=known))
    assert label(viewer, "passage_fields") == "Pear <b>Inc.</b>  ·  10-Q  ·  Q3 2023"
    assert "Q3 2023" in viewer.accessibleDescription()
    viewer.show_passage(opened("text", 0, 4))
    assert label(viewer, "passage_fields") == ""


def test_the_button_of_an_empty_viewer_stands_at_its_edge(viewer: PassageViewer, qtbot: QtBot) -> None:
    button = viewer.detach_button
    qtbot.waitUntil(button.isVisible)
    assert button.geometry().right() > viewer.width() - 2 * button.width()
    viewer.show_passage(opened("text", 0, 4))
    title = viewer.findChild(QLabel, "passage_title")
    assert title is not None
    qtbot.waitUntil(lambda: title.width() > viewer.width() // 3)


def test_a_page_is_shown_with_its_marks_in_sight(viewer: PassageViewer, qtbot: QtBot) -> None:
    box = PageBox(0.1, 0.8, 0.9, 0.82)
    page = DrawnPage(b"\xff" * (60 * 200 * 4), 60, 200, 4, 9, (box,))
    viewer.show_passage(opened("x", 0, 1, page=page, page_number=4))
    assert "Page 4 of 9" in label(viewer, "passage_place")
    marks = viewer.page_view.marks()
    assert len(marks) == 1
    assert viewer.page_view.visible_part().contains(marks[0].center())
    picture = viewer.page_view.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 5)
        for y in range(0, picture.height(), 2)
    }
    assert "#ffe27a" in colours
    viewer.resize(700, 400)
    assert viewer.page_view.marks()[0].width() > marks[0].width()


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        (Remark.NOT_LOCATED, "This passage cannot be located in the page."),
        (Remark.ORIGINAL_GONE, "The original is not at its place any more; this is the stored text."),
        (Remark.ORIGINAL_CHANGED, "The original has changed since it was imported; this is the stored text."),
    ],
)
def test_it_says_what_it_cannot_show(viewer: PassageViewer, remark: Remark, words: str) -> None:
    viewer.show_passage(opened("Some text", 0, 4, remark=remark))
    assert label(viewer, "passage_remark") == words


def test_the_neighbours_are_asked_for(viewer: PassageViewer) -> None:
    asked: list[tuple[str, StoredPlace]] = []
    viewer.place_requested.connect(lambda document_id, place: asked.append((document_id, place)))
    viewer.show_passage(opened("Some text", 5, 9))
    assert not viewer.next_button.isEnabled()
    QTest.mouseClick(viewer.previous_button, Qt.MouseButton.LeftButton)
    assert asked == [("d1", StoredPlace(Span(0, 1), "S"))]


def test_words_of_a_document_that_is_gone_are_shown(viewer: PassageViewer) -> None:
    viewer.show_missing(
        "Report", "It was built in 1987.", Notice("DocumentGone", "It is gone.", "Import it.")
    )
    assert viewer.highlighted_text() == "It was built in 1987."
    assert label(viewer, "passage_remark") == "It is gone. Import it."


def evidence(number: int, text: str, page: int | None = None) -> Evidence:
    passage = Passage(number, "d1", 0, 0, len(text), text, page, ("Chapter",), "Chapter")
    return Evidence(passage, "Report <b>", "/x/report.pdf", StageScores(7.25, None, 0.5, 0.81))


def test_the_inspector_shows_ranks_scores_and_the_query_that_was_searched(qtbot: QtBot) -> None:
    actions = LibraryActions()
    inspector = RetrievalInspector(actions)
    qtbot.addWidget(inspector)
    inspector.resize(320, 500)
    inspector.show()
    retrieval = Retrieval(
        "And in 2023?",
        "And in 2023? sales ipad",
        (evidence(1, "First.", 4), evidence(2, "Second.")),
        (evidence(3, "Weak."),),
        vector_weight=0.4,
        pending_vectors=3,
    )
    inspector.show_retrieval(retrieval, in_prompt={1})
    rows = inspector.rows()
    assert [(row.rank, row.verdict, row.weak) for row in rows] == [
        (1, "in the prompt", False),
        (2, "not in the prompt", True),
        (3, "too far from the question", True),
    ]
    summary, notes = (inspector.findChild(QLabel, name) for name in ("retrieval_summary", "retrieval_notes"))
    assert summary is not None
    assert notes is not None
    assert "“And in 2023? sales ipad”" in summary.text()
    assert "meaning counts 40 %" in summary.text()
    assert "3 passages are found by their words alone so far" in notes.text()
    listed = inspector.findChild(QListView, "retrieval_list")
    assert listed is not None
    spoken = listed.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "found by words 7.2" in spoken
    assert "found by meaning" not in spoken
    chosen: list[Evidence] = []
    actions.passage_chosen.connect(chosen.append)
    listed.clicked.emit(listed.model().index(1, 0))
    assert [found.passage.id for found in chosen] == [2]


def test_a_sentence_is_marked_inside_its_passage(viewer: PassageViewer) -> None:
    before = "First line with \U0001f600.\n" * 300
    passage = "It was long. The turbine was built in 1987. More followed."
    start = len(before) + passage.index("The turbine")
    shown = opened(
        before + passage + "\nAfter." * 300,
        len(before),
        len(before) + len(passage),
        sentence=Span(start, start + len("The turbine was built in 1987.")),
    )
    viewer.show_passage(shown)
    assert viewer.highlighted_text() == "The turbine was built in 1987."
    around, exact = viewer.text_view.extraSelections()
    assert around.cursor.selectedText() == passage  # type: ignore[attr-defined]
    assert around.format.background() != exact.format.background()  # type: ignore[attr-defined]
    assert viewer.text_view.viewport().rect().contains(viewer.text_view.cursorRect().topLeft())


def test_a_sentence_is_marked_on_its_page_darker_than_its_passage(viewer: PassageViewer) -> None:
    box, around = PageBox(0.1, 0.8, 0.9, 0.82), PageBox(0.1, 0.7, 0.9, 0.9)
    page = DrawnPage(b"\xff" * (60 * 200 * 4), 60, 200, 4, 9, (box,), around=(around,), has_sentence=True)
    viewer.show_passage(opened("x", 0, 1, page=page, page_number=4))
    assert len(viewer.page_view.marks()) == 1
    picture = viewer.page_view.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 3)
        for y in range(0, picture.height(), 2)
    }
    assert "#fff6d6" in colours


def test_a_row_of_a_sheet_is_marked_in_a_table_with_its_heads(viewer: PassageViewer, qtbot: QtBot) -> None:
    rows = "\n".join(f"| Plant {n} | {n},500 |" for n in range(1400, 2000))
    start = rows.index("| Plant 1500 ")
    sheet = replace(DOCUMENT, path="/home/anna/plants.csv", media_type="text/csv")
    viewer.show_passage(
        opened(rows, start, start + 23, document=sheet, cut_before=True, heads="| Plant | Output |")
    )
    shown = viewer.rendered_view
    qtbot.waitUntil(lambda: "1500" in shown.marked_text())
    assert "Output" in shown.plain_text()
    qtbot.waitUntil(lambda: shown.verticalScrollBar().value() > 0)
    assert viewer.highlighted_text() == "| Plant 1500 | 1500,500"
    assert not viewer.source_button.isHidden()


def test_a_sheet_that_is_shown_from_its_beginning_has_its_heads_once(
    viewer: PassageViewer, qtbot: QtBot
) -> None:
    rows = "| Plant | Output |\n| Ulm | 1,200 |\n| Bonn | 1,300 |"
    sheet = replace(DOCUMENT, path="/home/anna/plants.csv", media_type="text/csv")
    start = rows.index("| Bonn")
    viewer.show_passage(opened(rows, start, len(rows), document=sheet, heads="| Plant | Output |"))
    shown = viewer.rendered_view
    qtbot.waitUntil(lambda: "Bonn" in shown.marked_text())
    assert shown.plain_text().count("Output") == 1


def test_headings_of_an_office_file_are_no_marks(viewer: PassageViewer, qtbot: QtBot) -> None:
    text = "## 2. Fees\n\nThe fee is 400 euros.\n\n## 3. Term\n\nOne year."
    start = text.index("The fee")
    agreement = replace(DOCUMENT, path="/home/anna/agreement.docx", media_type="application/msword")
    viewer.show_passage(opened(text, start, start + 21, document=agreement))
    shown = viewer.rendered_view
    qtbot.waitUntil(lambda: "The fee is 400 euros" in shown.marked_text())
    assert "#" not in shown.plain_text()
    assert not viewer.source_button.isHidden()
    mail = replace(DOCUMENT, path="/home/anna/offer.eml", media_type="message/rfc822")
    viewer.show_passage(opened(text, start, start + 21, document=mail))
    assert viewer.text_view.isVisible()


def test_a_page_of_the_web_without_a_table_stays_text(viewer: PassageViewer) -> None:
    page = replace(DOCUMENT, path="/home/anna/page.html", media_type="text/html")
    viewer.show_passage(opened("One. Two.", 0, 4, document=page))
    assert viewer.text_view.isVisible()
    assert viewer.source_button.isHidden()


def test_a_title_that_is_too_long_is_cut_where_one_sees_it(viewer: PassageViewer) -> None:
    named = replace(DOCUMENT, title="Agreement on the services of many years " * 4)
    viewer.resize(300, 400)
    viewer.show_passage(opened("One. Two.", 0, 4, document=named))
    assert "…" in label(viewer, "passage_title")
    title = viewer.findChild(QLabel, "passage_title")
    assert title is not None
    assert title.toolTip() == named.title.strip()


def test_headers_of_a_mail_stay_lines_beside_a_table(viewer: PassageViewer, qtbot: QtBot) -> None:
    text = (
        'Subject: Offer\nFrom: "Ada" <ada@engine.example>\nAttachments: a.pdf\n\nA mill costs 12 €.\n\n'
        "| Part | Price |\n|---|---|\n| Stones | 3 |"
    )
    start = text.index("A mill")
    mail = replace(DOCUMENT, path="/home/anna/offer.eml", media_type="message/rfc822")
    viewer.show_passage(opened(text, start, start + len("A mill costs 12 €."), document=mail))
    shown = viewer.rendered_view
    qtbot.waitUntil(lambda: shown.marked_text() == "A mill costs 12 €.")
    lines = shown.plain_text().splitlines()
    assert lines[:3] == ["Subject: Offer", 'From: "Ada" <ada@engine.example>', "Attachments: a.pdf"]
