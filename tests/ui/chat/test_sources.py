"""Sources stand below an answer, and its markers lead to them; no other number in brackets does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chatbot_app.core.citations import Citation
from chatbot_app.ui.chat.citation_marks import source_of
from chatbot_app.ui.chat.sources_view import SourceRow, SourcesView
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.ui.chat.transcript import Transcript
from tests.ui.chat.support import answer, blocks, question, settle


def citation(number: int, *, added: bool = False, **values: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "number": number,
        "document_id": f"d{number}",
        "document": f"Report <b>{number}</b>",
        "path": "/x/report.pdf",
        "page": number,
        "heading": "",
        "start": 10,
        "end": 40,
        "score": 0.87,
        "text": "The turbine was built in 1987, see [2].",
        "added": added,
        "answer_start": 0,
        "answer_end": 5,
        "marker_start": 0,
        "marker_end": 3,
    }
    return Citation.from_dict({**known, **values}).to_dict()


def links(transcript: Transcript) -> list[tuple[str, str]]:
    """Return (text, address) of every link that is drawn in the answer."""
    found = []
    for view in (view for block in blocks(transcript) for view in block.text_views()):
        block = view.document.begin()
        while block.isValid():
            for piece in block.textFormats():
                if piece.format.anchorHref():
                    text = block.text()[piece.start : piece.start + piece.length]
                    found.append((text, piece.format.anchorHref()))
            block = block.next()
    return found


def show(qtbot: QtBot, transcript: Transcript, text: str, sources: list[dict[str, Any]], **more: Any) -> None:
    metadata = {
        "sources": sources,
        "retrieval": {"searched": "turbine built", "found": 4, "shown": 3},
        **more,
    }
    transcript.show_conversation([question("When?"), answer(text, metadata=metadata)], has_older=False)
    settle(qtbot, transcript)


def place_of(transcript: Transcript, marker: str) -> tuple[TextView, QPoint]:
    for view in (view for block in blocks(transcript) for view in block.text_views()):
        cursor = view.document.find(marker)
        if not cursor.isNull():
            line = view.document.documentLayout().blockBoundingRect(cursor.block())
            shown = cursor.block().layout().lineForTextPosition(cursor.positionInBlock() - 2)
            x, _ = shown.cursorToX(cursor.positionInBlock() - 1)  # type: ignore[misc]
            return view, QPoint(round(line.x() + x), round(line.y() + shown.y() + shown.height() * 0.75))
    raise AssertionError(marker)


def test_only_markers_that_name_a_source_are_links(qtbot: QtBot, transcript: Transcript) -> None:
    text = "Built in 1987 [1][2]. An array has `items[1]` and [7].\n\n```\nx[1] = 2\n```\n\n- again [1]"
    show(qtbot, transcript, text, [citation(1), citation(2)])
    assert links(transcript) == [("[1]", "source:1"), ("[2]", "source:2"), ("[1]", "source:1")]
    assert source_of("https://source:1/") is None


def test_a_link_of_the_models_own_never_opens_a_source(qtbot: QtBot, transcript: Transcript) -> None:
    show(qtbot, transcript, "See [this](source:1) and [1](https://example.org/x) [1].", [citation(1)])
    assert links(transcript) == [("1", "https://example.org/x"), ("[1]", "source:1")]


def test_markers_of_a_question_stay_text(qtbot: QtBot, transcript: Transcript) -> None:
    messages = [question("What is [1]?", metadata={"sources": [citation(1)]})]
    transcript.show_conversation(messages, has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("q")
    assert view is not None
    assert view.findChild(SourcesView) is None


def test_a_click_on_a_marker_opens_its_source(qtbot: QtBot, transcript: Transcript) -> None:
    show(qtbot, transcript, "It was built in 1987 [2].", [citation(1), citation(2)])
    opened: list[Citation] = []
    transcript.user_actions.source_activated.connect(opened.append)
    view, point = place_of(transcript, "[2]")
    body = transcript.view_of("a").body  # type: ignore[union-attr]
    QTest.mouseClick(body, Qt.MouseButton.LeftButton, pos=view.mapTo(body, point))
    assert [one.document_id for one in opened] == ["d2"]


def test_sources_are_listed_once_by_number_with_place_text_and_score(
    qtbot: QtBot, transcript: Transcript
) -> None:
    show(qtbot, transcript, "A [2]. B [1]. C [2].", [citation(2), citation(1), citation(2)])
    view = transcript.view_of("a")
    assert view is not None
    rows = view.findChildren(SourceRow)
    assert [row.accessibleName() for row in rows] == [
        "Source 1: Report <b>1</b>  ·  page 1",
        "Source 2: Report <b>2</b>  ·  page 2",
    ]
    assert "see [2]" in rows[0].accessibleDescription()
    opened: list[Citation] = []
    transcript.user_actions.source_activated.connect(opened.append)
    QTest.keyClick(rows[1], Qt.Key.Key_Space)
    assert [one.number for one in opened] == [2]


def test_added_markers_look_different_and_say_so(qtbot: QtBot, transcript: Transcript) -> None:
    def shape(added: bool) -> Any:
        show(qtbot, transcript, "Built in 1987 [1].", [citation(1, added=added)])
        text = blocks(transcript)[0].text_views()[0]
        return text.document.find("[1]").charFormat()

    own, ours = shape(False), shape(True)
    assert own.foreground() != ours.foreground()
    assert own.underlineStyle() != ours.underlineStyle()


def test_an_answer_without_citations_says_so_and_shows_what_was_searched(
    qtbot: QtBot, transcript: Transcript
) -> None:
    show(qtbot, transcript, "I do not know.", [])
    view = transcript.view_of("a")
    assert view is not None
    sources = view.findChild(SourcesView)
    assert sources is not None
    asked: list[tuple[str, str]] = []
    transcript.user_actions.inspection_requested.connect(lambda *wanted: asked.append(wanted))
    sources.findChild(object, "inspect_retrieval_button").click()  # type: ignore[union-attr]
    assert asked == [("a", "turbine built")]


def test_sources_come_with_the_end_of_an_answer(qtbot: QtBot, transcript: Transcript) -> None:
    from tests.ui.chat.support import streaming

    transcript.add_message(question("When?"))
    transcript.begin_answer(streaming())
    transcript.append_text("a", "Built in 1987 [1].")
    qtbot.waitUntil(lambda: bool(blocks(transcript)))
    assert links(transcript) == []
    final = answer("Built in 1987 [1].", metadata={"sources": [citation(1)]})
    transcript.set_message(final)
    settle(qtbot, transcript)
    assert links(transcript) == [("[1]", "source:1")]
    transcript.set_message(replace(final, metadata={}))
    view = transcript.view_of("a")
    assert view is not None
    assert view.findChild(SourcesView, options=Qt.FindChildOption.FindDirectChildrenOnly) is None or not any(
        one.isVisible() for one in view.findChildren(SourcesView)
    )
