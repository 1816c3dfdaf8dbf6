"""Markdown documents are read as they are meant, with the passage marked, and as they were written on demand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.places.passage_opening import OpenedPassage
from chatbot_app.ui.chat.table_view import TableView
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.ui.knowledge.rendered_text import pattern_of
from tests.ui.knowledge.test_passage_viewer import DOCUMENT, opened

BEFORE = "# Guide\n\nFirst words of\na wrapped paragraph.\n\n" + "".join(
    f"Paragraph {number} says nothing of interest.\n\n" for number in range(120)
)
PASSAGE = (
    "## The **Zephyr** turbine\n\nIt was *built* in 1987 by [Anna Korhonen](https://example.org/a_k) in Tampere,\n"
    "as `zephyr --build` says to this day.\n"
)
AFTER = "\n" + "What follows is about something else.\n\n" * 80


def markdown(passage: str = PASSAGE, before: str = BEFORE, name: str = "guide.md") -> OpenedPassage:
    text = before + passage + AFTER
    document = replace(DOCUMENT, path=f"/home/anna/{name}")
    return opened(text, len(before), len(before) + len(passage), document=document)


@pytest.fixture
def viewer(qtbot: QtBot) -> PassageViewer:
    shown = PassageViewer()
    qtbot.addWidget(shown)
    shown.resize(420, 600)
    shown.show()
    return shown


def is_marked_and_seen(viewer: PassageViewer, words: str) -> bool:
    view = viewer.rendered_view
    for text in view.text_views():
        if words in text.plain_text() and text.marked_places():
            y = text.mapTo(view.viewport(), text.marked_places()[0]).y()
            return 0 <= y < view.viewport().height()
    return False


def height_of_table(viewer: PassageViewer) -> int:
    return max((table.height() for table in viewer.rendered_view.findChildren(TableView)), default=0)


def test_markdown_is_drawn_with_the_passage_marked_and_in_sight(viewer: PassageViewer, qtbot: QtBot) -> None:
    viewer.show_passage(markdown())
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "built in 1987"))
    drawn = viewer.rendered_view.plain_text()
    assert "## " not in drawn
    assert "**" not in drawn
    assert "example.org" not in drawn
    assert "built in 1987" in viewer.rendered_view.marked_text()
    assert "says to this day" in viewer.rendered_view.marked_text()


def test_source_shows_the_text_as_it_was_written_and_stays_chosen(
    viewer: PassageViewer, qtbot: QtBot
) -> None:
    viewer.show_passage(markdown())
    assert viewer.source_button.isVisible()
    QTest.mouseClick(viewer.source_button, Qt.MouseButton.LeftButton)
    assert viewer.text_view.isVisible()
    assert "**Zephyr**" in viewer.highlighted_text()
    assert viewer.text_view.viewport().rect().contains(viewer.text_view.cursorRect().topLeft())
    viewer.show_passage(markdown())
    assert viewer.text_view.isVisible()
    QTest.mouseClick(viewer.source_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "built in 1987"))


def test_words_that_also_stand_before_the_passage_do_not_mislead(viewer: PassageViewer, qtbot: QtBot) -> None:
    sentence = "The same sentence stands here more than once."
    filler = "".join(f"Line {number} of the filling.\n\n" for number in range(150))
    viewer.show_passage(markdown(f"{sentence}\n\nOnly here are walruses named.\n", f"{sentence}\n\n{filler}"))
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "Only here are walruses named"))


def test_what_is_scrolled_to_is_drawn_at_once(viewer: PassageViewer, qtbot: QtBot) -> None:
    text = "".join(f"Line {number} of the filling.\n\n" for number in range(900))
    viewer.show_passage(markdown(text))
    view = viewer.rendered_view
    qtbot.waitUntil(lambda: view.is_settled)
    bar = view.verticalScrollBar()
    bar.triggerAction(QScrollBar.SliderAction.SliderToMaximum)
    qtbot.waitUntil(lambda: view.plain_text().endswith("about something else."))
    assert view.pause_ms == 0


def test_other_texts_are_shown_as_they_are(viewer: PassageViewer) -> None:
    viewer.show_passage(markdown(name="guide.txt"))
    assert viewer.text_view.isVisible()
    assert not viewer.source_button.isVisible()


def test_labels_of_a_plain_text_are_a_table_and_its_lines_stay(viewer: PassageViewer, qtbot: QtBot) -> None:
    row = "| Tickets | from £14 |"
    above = "Riverside *Youth* Orchestra\nspring concert\n\n| | |\n|---|---|\n| Place | Hall |\n"
    viewer.show_passage(markdown(row, above, "concert.txt"))
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "from £14"))
    drawn = viewer.rendered_view.plain_text()
    assert "|" not in drawn
    assert "Riverside *Youth* Orchestra\nspring concert" in drawn.replace("\u2028", "\n")
    assert viewer.source_button.isVisible()


def test_labels_beside_values_have_no_empty_head(viewer: PassageViewer, qtbot: QtBot) -> None:
    rows = "| Tickets | from £14 |\n| Place | Hall |"
    heights = []
    for head in ("| | |", "| What | Said |"):
        viewer.show_passage(markdown(f"{head}\n|---|---|\n{rows}\n", "", "concert.md"))
        qtbot.waitUntil(lambda: "Hall" in viewer.rendered_view.plain_text())
        qtbot.waitUntil(lambda: height_of_table(viewer) > 20)
        heights.append(height_of_table(viewer))
    assert heights[0] < 0.75 * heights[1]


def test_html_and_addresses_in_a_document_do_nothing(viewer: PassageViewer, qtbot: QtBot) -> None:
    evil = "A harmless sentence of five words.\n\n<img src='file:///etc/passwd'>\n\n<script>x</script> ![p](http://a/b)\n"
    viewer.show_passage(markdown(evil, "# Top\n\n"))
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "harmless sentence"))
    qtbot.waitUntil(lambda: "<script>" in viewer.rendered_view.plain_text())


@pytest.mark.parametrize(
    "passage",
    ["", "***", "|||", "漢字の文章です。", "short", "$$x^2$$", "a" * 30_000, f"a b c d {'.' * 200_000}x"],
)
def test_any_passage_can_be_looked_for(passage: str) -> None:
    pattern = pattern_of(passage)
    assert pattern is None or pattern.search(passage)


def test_a_resized_view_keeps_the_passage_in_sight(viewer: PassageViewer, qtbot: QtBot) -> None:
    viewer.show_passage(markdown())
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "built in 1987"))
    viewer.resize(700, 420)
    qtbot.waitUntil(lambda: is_marked_and_seen(viewer, "built in 1987"))


def test_a_passage_is_shown_whatever_its_span(viewer: PassageViewer) -> None:
    shown = markdown("", "", "a.md")
    viewer.show_passage(replace(shown, highlight=Span(0, 0)))
    assert viewer.rendered_view.isVisible()
