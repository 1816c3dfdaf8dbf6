"""Sentences that no source supports are underlined where they are drawn, and say why in words."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from chatbot_app.core.citations import Citation
from chatbot_app.core.trust import Check, Verdict
from chatbot_app.ui.chat.statement_marks import StatementMarks, reason_of
from chatbot_app.ui.chat.statement_places import drawn_places
from chatbot_app.ui.chat.support_line import FindingRow, SupportLine
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.ui.chat.transcript import Transcript
from tests.trust_data import check, checked_answer, source, trust
from tests.ui.chat.support import answer, blocks, button, question, settle

Style = QTextCharFormat.UnderlineStyle


def show(qtbot: QtBot, transcript: Transcript, text: str, metadata: dict[str, Any]) -> None:
    transcript.show_conversation([question("When?"), answer(text, metadata=metadata)], has_older=False)
    settle(qtbot, transcript)


def underlined(transcript: Transcript) -> list[tuple[str, Style]]:
    views = [view for block in blocks(transcript) for view in block.text_views()]
    return [(text, shape.underlineStyle()) for view in views for text, shape in view.underlined()]


def view_with(transcript: Transcript, text: str) -> tuple[TextView, QPoint]:
    """Return the view that draws a text, and the middle of its first letter."""
    for view in (view for block in blocks(transcript) for view in block.text_views()):
        cursor = view.document.find(text)
        if not cursor.isNull():
            start = QTextCursor(view.document)
            start.setPosition(cursor.selectionStart())
            line = start.block().layout().lineForTextPosition(start.positionInBlock())
            box = view.document.documentLayout().blockBoundingRect(start.block())
            x, _ = line.cursorToX(start.positionInBlock())  # type: ignore[misc]
            return view, QPoint(round(box.left() + x) + 3, round(box.top() + line.y() + line.height() * 0.7))
    raise AssertionError(text)


def drawn(source: str, sentence: str, *texts: str) -> list[str]:
    start = source.index(sentence)
    places = drawn_places(source, [(0, start, start + len(sentence))], texts)
    return [texts[place.text][place.start : place.end] for place in places]


@pytest.mark.parametrize(
    ("source", "sentence", "text", "expected"),
    [
        ("**A** ship. *It* sank.", "*It* sank.", "A ship. It sank.", "It sank."),
        ("See [the port](https://e.org/a-b/c). It is old.", "It is old.", "See the port. It is old.", "It is old."),
        ("The area is $x^2 + y^2$ here. So it grows.", "So it grows.", "The area is \ufffc here. So it grows.", "So it grows."),
        ("1. One two.\n2. Two one.", "Two one.", "One two.\nTwo one.", "Two one."),
        ("No. No. No, never.", "No, never.", "No. No. No, never.", "No, never."),
        ("春は来た。冬は去った。", "冬は去った。", "春は来た。冬は去った。", "冬は去った。"),
        ("A&amp;B is a firm. It pays `x_1` well.", "It pays `x_1` well.", "A&B is a firm. It pays x_1 well.", "It pays x_1 well."),
        ("<b>Bold</b> words. Then more.", "Then more.", "Bold words. Then more.", "Then more."),
    ],
)  # fmt: skip
def test_a_sentence_of_markdown_is_found_in_what_is_drawn(
    source: str, sentence: str, text: str, expected: str
) -> None:
    assert drawn(source, sentence, text) == [expected]


def test_a_row_of_a_table_is_found_in_its_cells() -> None:
    rows = "| Year | Sales |\n|---|---|\n| 2021 | 81,434 |\n| 2022 | 82,959 |"
    assert drawn(rows, "| 2022 | 82,959 |", "Year", "Sales", "2021", "81,434", "2022", "82,959") == [
        "2022",
        "82,959",
    ]


def test_a_long_formula_in_between_and_endless_repetition_lose_no_sentence() -> None:
    formula = "$" + "\\frac{a}{b} + " * 80 + "c$"
    assert drawn(
        f"With {formula} it grows. So it falls.", "So it falls.", "With \ufffc it grows. So it falls."
    ) == ["So it falls."]
    assert drawn("a " * 20_000 + "b", "b", "a " * 19_000 + "b") == ["b"]


def test_each_verdict_has_a_line_of_its_own(qtbot: QtBot, transcript: Transcript) -> None:
    show(qtbot, transcript, *checked_answer())
    assert underlined(transcript) == [
        ("In the same quarter of the year before they were $81,797 million [1].", Style.WaveUnderline),
        ("Sales of Mac computers fell because of a shortage of chips.", Style.DotLine),
        ("Services grew by 12 percent [2].", Style.DashUnderline),
    ]


def test_emoji_and_hidden_characters_do_not_shift_the_lines(qtbot: QtBot, transcript: Transcript) -> None:
    text = "One \U0001f600 smile\u202e here. Two suns rose."
    checks = [check(text, "Two suns rose.", Verdict.UNSUPPORTED)]
    show(qtbot, transcript, text, {"checks": checks, "trust": trust()})
    assert [words for words, _ in underlined(transcript)] == ["Two suns rose."]


def test_lines_come_back_when_a_long_answer_is_scrolled(qtbot: QtBot, transcript: Transcript) -> None:
    text = (
        "".join(f"Paragraph number {n} of many stands here. " * 6 + "\n\n" for n in range(300))
        + "The last one is wrong."
    )
    checks = [check(text, "The last one is wrong.", Verdict.CONTRADICTED, "The source says “right”")]
    show(qtbot, transcript, text, {"checks": checks, "trust": trust()})
    transcript.jump_to_latest()
    settle(qtbot, transcript)
    qtbot.waitUntil(lambda: [words for words, _ in underlined(transcript)] == ["The last one is wrong."])


def test_the_reason_is_said_under_the_mouse_and_to_screen_readers(
    qtbot: QtBot, transcript: Transcript
) -> None:
    show(qtbot, transcript, *checked_answer())
    view, point = view_with(transcript, "Sales of Mac")
    message = transcript.view_of("a")
    assert message is not None
    QTest.mouseMove(message.body, view.mapTo(message.body, point))
    qtbot.waitUntil(lambda: "Not found in your sources" in QToolTip.text())
    assert "The source says “81,434”" in message.accessibleDescription()
    assert "[2] does not say this" in message.accessibleDescription()
    QToolTip.hideText()


def test_the_summary_leads_to_the_first_finding_and_the_arrows_to_the_others(
    qtbot: QtBot, transcript: Transcript
) -> None:
    show(qtbot, transcript, *checked_answer())
    message = transcript.view_of("a")
    assert message is not None
    line = message.findChild(SupportLine)
    assert line is not None
    assert line.words() == "3 of 5 statements found in your sources"
    asked: list[int] = []
    line.statement_requested.connect(asked.append)
    QTest.keyClick(line.summary, Qt.Key.Key_Space)
    QTest.mouseClick(line.next, Qt.MouseButton.LeftButton)
    QTest.mouseClick(line.next, Qt.MouseButton.LeftButton)
    QTest.mouseClick(line.next, Qt.MouseButton.LeftButton)
    QTest.mouseClick(line.previous, Qt.MouseButton.LeftButton)
    assert asked == [1, 2, 3, 1, 3]
    view, _ = view_with(transcript, "Services grew")
    [(_, shape)] = view.underlined()
    assert shape.background().color().alpha() == 255
    button(message, "findings_fold_button").click()
    rows = [row for row in line.rows if row.isVisible()]
    assert [row.accessibleName().split(":")[0] for row in rows] == [
        "The source says “81,434”",
        "Not found in your sources",
        "[2] does not say this",
    ]
    QTest.keyClick(rows[1], Qt.Key.Key_Return)
    assert asked[-1] == 2


def test_the_first_finding_of_a_long_answer_comes_into_sight(qtbot: QtBot, transcript: Transcript) -> None:
    text = "This sentence is wrong.\n\n" + "".join(
        f"Paragraph {n} stands here. " * 9 + "\n\n" for n in range(60)
    )
    checks = [
        check(text, "This sentence is wrong.", Verdict.UNSUPPORTED),
        check(text, "Paragraph 5 stands here.", Verdict.SUPPORTED),
    ]
    show(qtbot, transcript, text, {"checks": checks, "trust": trust()})
    bar = transcript.verticalScrollBar()
    assert bar.value() > 600
    message = transcript.view_of("a")
    assert message is not None
    button(message, "support_summary_button").click()
    qtbot.waitUntil(lambda: bar.value() < 200)


def test_all_found_one_found_and_nothing_to_check_are_said(qtbot: QtBot, transcript: Transcript) -> None:
    text = "One is here. Two is here."

    def words(*verdicts: Verdict, reason: str = "") -> str:
        sentences = ("One is here.", "Two is here.")
        checks = [check(text, s, v, reason) for s, v in zip(sentences, verdicts, strict=False)]
        show(qtbot, transcript, text, {"checks": checks, "trust": trust()})
        lines = transcript.view_of("a").findChildren(SupportLine)  # type: ignore[union-attr]
        return " ".join(line.words() for line in lines if not line.isHidden())

    assert words(Verdict.SUPPORTED, Verdict.SUPPORTED) == "All 2 statements found in your sources"
    assert words(Verdict.SUPPORTED) == "The statement was found in your sources"
    assert words(Verdict.UNSUPPORTED) == "The statement was not found in your sources"
    assert words(Verdict.NOT_CHECKED, reason="another language") == (
        "Not checked against your sources: another language"
    )
    assert words(Verdict.NOT_CHECKED) == ""


def test_an_answer_of_which_nothing_is_found_offers_to_do_without_documents(
    qtbot: QtBot, transcript: Transcript
) -> None:
    text = "One is here. Two is here."
    checks = [check(text, s, Verdict.UNSUPPORTED) for s in ("One is here.", "Two is here.")]
    show(qtbot, transcript, text, {"checks": checks, "trust": trust()})
    message = transcript.view_of("a")
    assert message is not None
    asked: list[str] = []
    transcript.user_actions.answer_without_documents_requested.connect(asked.append)
    button(message, "without_documents_button").click()
    assert asked == ["a"]
    assert message.body.isVisible()


def test_a_marker_opens_the_very_sentence_that_supports_its_own(qtbot: QtBot, transcript: Transcript) -> None:
    passage = "The ship was built in 1912. It sank in 1915. It was raised in 1990."
    text = "It was built in 1912 [1]. It sank in 1915 [1]."
    sources = [
        source(1, passage, "The ship was built in 1912.", answer_start=0, answer_end=25),
        source(1, passage, "It sank in 1915.", answer_start=26, answer_end=46),
    ]
    checks = [
        check(text, "It was built in 1912 [1].", Verdict.SUPPORTED),
        check(text, "It sank in 1915 [1].", Verdict.SUPPORTED),
    ]
    show(qtbot, transcript, text, {"sources": sources, "checks": checks, "trust": trust()})
    opened: list[Citation] = []
    transcript.user_actions.source_activated.connect(opened.append)
    view, point = view_with(transcript, "[1].")
    second = view.document.find("[1]", view.document.find("[1]")).selectionStart()
    line = view.document.begin().layout().lineForTextPosition(second)
    x, _ = line.cursorToX(second)  # type: ignore[misc]
    body = transcript.view_of("a").body  # type: ignore[union-attr]
    for place in (point, QPoint(round(x) + 4, point.y())):
        QTest.mouseClick(body, Qt.MouseButton.LeftButton, pos=view.mapTo(body, place))
    found = [passage[one.quote_start - one.start : one.quote_end - one.start] for one in opened]
    assert found == ["The ship was built in 1912.", "It sank in 1915."]


def test_checks_that_are_damaged_or_beyond_the_text_harm_nothing(
    qtbot: QtBot, transcript: Transcript
) -> None:
    checks = [
        {"start": 3},
        Check(900, 1_000, Verdict.UNSUPPORTED).to_dict(),
        Check(4, 2, Verdict.UNSUPPORTED).to_dict(),
        Check(0, 4, Verdict.CONTRADICTED, reason="<b>no</b>").to_dict(),
    ]
    show(qtbot, transcript, "This is all.", {"checks": checks, "trust": trust()})
    assert [words for words, _ in underlined(transcript)] == ["This"]
    marks = StatementMarks("This is all.", [Check(0, 4, Verdict.CONTRADICTED)])
    assert reason_of(marks.checks[0]) == "Your sources say something else"
    assert transcript.findChildren(FindingRow)


def test_a_long_answer_with_hidden_characters_is_read_once() -> None:
    sentence = "A sentence with a hidden\u202e sign stands here. "
    text = sentence * 4_000
    checks = [
        Check(start, start + len(sentence) - 1, Verdict.UNSUPPORTED)
        for start in range(0, len(text), len(sentence))
    ]
    marks = StatementMarks(text, checks)
    assert marks.words_of(3_999) == "A sentence with a hidden⟨U+202E⟩ sign stands here."
