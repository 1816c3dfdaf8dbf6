"""Footnotes and the few HTML tags that models write, drawn by ourselves; all other HTML stays text (FAULTS 42, 43)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QTextCharFormat, QTextCursor
from pytestqt.qtbot import QtBot

from chatbot_app.core.markdown_parser import full_parser
from chatbot_app.ui.chat.table_view import TableView
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.ui.chat.transcript import Transcript
from tests.counted_calls import calls_of
from tests.ui.chat.support import answer, blocks, settle, shown_text, streaming

RAISED = QTextCharFormat.VerticalAlignment.AlignSuperScript
LOWERED = QTextCharFormat.VerticalAlignment.AlignSubScript


def show(transcript: Transcript, qtbot: QtBot, text: str) -> str:
    transcript.show_conversation([answer(text)], has_older=False)
    settle(qtbot, transcript)
    return shown_text(transcript)


def format_of(transcript: Transcript, words: str) -> QTextCharFormat:
    """Return how the first of `words` in the answer is written."""
    for block in blocks(transcript):
        for view in block.text_views():
            cursor = view.document.find(words)
            if not cursor.isNull():
                return cursor.charFormat()
    raise AssertionError(f"not shown: {words}")


def place_of(view: TextView, words: str) -> QPoint:
    cursor = view.document.find(words)
    block = cursor.block()
    box = view.document.documentLayout().blockBoundingRect(block)
    line = block.layout().lineForTextPosition(cursor.selectionStart() - block.position())
    x = line.cursorToX(cursor.selectionStart() - block.position())
    left = x[0] if isinstance(x, tuple) else x
    return QPointF(box.left() + left + 2, box.top() + line.y() + line.height() / 2).toPoint()


# --- tags ------------------------------------------------------------------------------------------------


def test_emphasis_in_tags_is_drawn_and_nested(transcript: Transcript, qtbot: QtBot) -> None:
    text = (
        "<b>one</b> <STRONG class='x' onclick=\"alert(1)\">two</STRONG> <i>three <u>four</u></i> <em>five</em> "
        "<s>six</s> <del>seven</del> H<sub>ate</sub>O x<sup>nine</sup> <kbd>ten</kbd> <mark>eleven</mark> "
        "<code>twelve</code> <b>*thirteen*</b>"
    )
    assert show(transcript, qtbot, text) == (
        "one two three four five six seven HateO xnine ten eleven twelve thirteen"
    )
    plain = format_of(transcript, "O x").fontWeight()
    for word in ("one", "two", "thirteen"):
        assert format_of(transcript, word).fontWeight() > plain
    assert format_of(transcript, "three").fontItalic()
    four = format_of(transcript, "four")
    assert four.fontItalic()
    assert four.fontUnderline()
    assert format_of(transcript, "five").fontItalic()
    assert format_of(transcript, "six").fontStrikeOut()
    assert format_of(transcript, "seven").fontStrikeOut()
    assert format_of(transcript, "ate").verticalAlignment() is LOWERED
    assert format_of(transcript, "nine").verticalAlignment() is RAISED
    for word in ("ten", "eleven", "twelve"):
        assert format_of(transcript, word).background().style() is not Qt.BrushStyle.NoBrush
    assert format_of(transcript, "thirteen").fontItalic()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b>never closed",
        "never opened</b>",
        "<bold>x</bold>",
        "<a href='https://example.org'>x</a>",
        "<iframe src='file:///etc/passwd'></iframe>",
        "<style>* { color: red }</style>",
        "<font color=red>x</font>",
        "a < b > c and 1 <2",
        "<br",
        "<!-- hidden -->",
        "<summary>alone</summary>",
    ],
)
def test_everything_else_stays_visible(transcript: Transcript, qtbot: QtBot, text: str) -> None:
    assert show(transcript, qtbot, f"Words {text}") == f"Words {text}"


def test_tags_in_code_stay_as_they_are(transcript: Transcript, qtbot: QtBot) -> None:
    assert show(transcript, qtbot, "`<b>x</b>`\n\n```html\n<b>x</b><br>\n```") == "<b>x</b>\n<b>x</b><br>"


def test_line_breaks_also_in_cells(transcript: Transcript, qtbot: QtBot) -> None:
    text = "one<br>two<br/>three<BR />four\n\n| a | b |\n|---|---|\n| five<br>six | <b>seven</b> |\n"
    shown = show(transcript, qtbot, text)
    assert shown.startswith("one\ntwo\nthree\nfour")
    assert "five\nsix" in shown
    table = blocks(transcript)[1].findChild(TableView)
    assert table is not None
    assert table.content_width(700) < 260  # as wide as its longer line, not as both


def test_paragraphs_and_rules(transcript: Transcript, qtbot: QtBot) -> None:
    assert show(transcript, qtbot, "<p>one</p><p align=center>two</p>\n\n<hr>\n\nthree") == "one\ntwo\nthree"
    assert [view.block.name for view in blocks(transcript) if view.block] == [
        "paragraph",
        "rule",
        "paragraph",
    ]


PIECES = [
    "<b>",
    "</b>",
    "<b></i>",
    "<br>",
    "<sub><sup>",
    "<b ",
    "<details>\n",
    "</details>\n",
    "<details><summary>",
]


@pytest.mark.parametrize("piece", [*PIECES, "[^1]", "[^1]: ", "[^1]: a\n", "[^", "> <details>\n", "<hr>\n"])
def test_reading_tags_and_footnotes_grows_with_the_text(piece: str) -> None:
    def parse(characters: int) -> Callable[[], object]:
        text = (piece * characters)[:characters]
        return lambda: full_parser().parse(text, {})

    parse(100)()
    assert calls_of(parse(8_000)) < 4 * calls_of(parse(4_000))


def test_ten_thousand_nested_tags_are_read(transcript: Transcript, qtbot: QtBot) -> None:
    text = "<b>" * 10_000 + "deep" + "</b>" * 10_000
    show(transcript, qtbot, text)
    nested = "<details>\n" * 10_000 + "deep"
    show(transcript, qtbot, nested)
    assert transcript.text_of("a") == nested


# --- footnotes -------------------------------------------------------------------------------------------

NOTES = (
    "First[^a] and second[^note], first again[^a].\n\n"
    + "Words.\n\n" * 60
    + "Unknown[^nowhere] and `[^a]`.\n\n"
    "[^note]: The *second* note\n    goes on.\n[^a]: The first note, https://example.org/a\n"
)


def test_footnotes_are_numbered_in_order_and_listed_at_the_end(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, NOTES)
    view = transcript.view_of("a")
    assert view is not None
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    qtbot.waitUntil(lambda: "First1 and second2, first again1." in shown_text(transcript))
    assert format_of(transcript, "1").verticalAlignment() is RAISED
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum())
    settle(qtbot, transcript)
    shown = shown_text(transcript)
    assert "Unknown[^nowhere] and [^a]." in shown
    assert shown.endswith("The first note, https://example.org/a ↩\nThe second note goes on. ↩")
    document = blocks(transcript)[-1].text_views()[0].document
    numbers = [document.findBlockByNumber(n).textList().format().start() for n in range(2)]
    assert numbers == [1, 2]


def test_footnotes_lead_to_their_words_and_back(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, NOTES)
    bar = transcript.verticalScrollBar()
    bar.setValue(0)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    opened: list[str] = []
    transcript.user_actions.link_activated.connect(opened.append)

    def click(words: str, text_view: TextView) -> None:
        point = text_view.mapTo(view.body, place_of(text_view, words))
        qtbot.mouseClick(view.body, Qt.MouseButton.LeftButton, pos=point)

    click("1", blocks(transcript)[0].text_views()[0])
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    settle(qtbot, transcript)
    click("↩", blocks(transcript)[-1].text_views()[0])
    qtbot.waitUntil(lambda: bar.value() < 50)
    assert opened == []  # nothing leaves the message


def test_footnotes_while_they_stream(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.begin_answer(streaming())
    text = "See[^1].\n\n[^1]: The whole words of it.\n"
    for character in text:
        transcript.append_text("a", character)
        transcript.flush()
    transcript.set_message(answer(text))
    settle(qtbot, transcript)
    assert shown_text(transcript) == "See1.\nThe whole words of it. ↩"


def test_a_footnote_is_no_citation_and_no_address(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, "See[^1].\n\n[^1]: [x](file:///etc/passwd) <b>bold</b>\n")
    assert shown_text(transcript) == "See1.\n[x](file:///etc/passwd) bold ↩"
    view = transcript.view_of("a")
    assert view is not None
    assert view.body.addresses() == []


def test_what_is_copied_is_what_is_shown(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, "H<sub>2</sub>O<br><b>two</b> <script>\n")
    view = blocks(transcript)[0].text_views()[0]
    cursor = QTextCursor(view.document)
    cursor.select(QTextCursor.SelectionType.Document)
    view.select(cursor.selectionStart(), cursor.selectionEnd())
    QGuiApplication.clipboard().setText(view.selected_text())
    assert QGuiApplication.clipboard().text() == "H2O\ntwo <script>"


def test_what_is_shown_as_written_is_said_in_a_line(transcript: Transcript, qtbot: QtBot) -> None:
    nested = "".join("  " * depth + f"- level{depth}\n" for depth in range(14))
    wide = "|a" * 70 + "|\n" + "|-" * 70 + "|\n" + "|b" * 70 + "|\n"
    transcript.show_conversation([answer(f"{nested}\n\n{wide}")], has_older=False)
    settle(qtbot, transcript)
    shown = shown_text(transcript)
    assert "Nested too deeply to be drawn; it goes on as it is written:" in shown
    assert "\n- level12\n- level13\n" in shown
    assert "A table of too many columns, as it is written:\n|a|a" in shown


def test_the_numbers_of_a_long_list_go_on_where_it_is_cut(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([answer("1. x\n" * 200)], has_older=False)
    settle(qtbot, transcript)
    first = []
    for block in blocks(transcript):
        for view in block.text_views():
            shape = view.document.begin().textList()
            assert shape is not None
            assert block.block is not None
            assert shape.format().start() == (block.block.number or 1)
            first.append(shape.format().start())
    assert max(first) > 100
    assert len(set(first)) == len(first)
