"""Markers become links where they cite, in any form, and nothing else does."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.citation_marks import MarkedSource, mark_citations, source_of
from chatbot_app.ui.chat.look import look_of

MARKERS = {
    1: MarkedSource("A", added=False),
    2: MarkedSource("B", added=False),
    3: MarkedSource("C", added=True),
}


def marked(qtbot: QtBot, text: str) -> list[tuple[str, int | None]]:
    """Return the links that are made in `text`, in order."""
    widget = QWidget()
    qtbot.addWidget(widget)
    document = QTextDocument()
    document.setPlainText(text)
    mark_citations(document, MARKERS, look_of(widget))
    found = []
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            shape = iterator.fragment().charFormat()
            if shape.isAnchor():
                found.append((iterator.fragment().text(), source_of(shape.anchorHref())))
            iterator += 1
        block = block.next()
    return found


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Tall [1]. Old [2][3].", [("[1]", 1), ("[2]", 2), ("[3]", 3)]),
        ("Both [1, 3] and 【2】.", [("1", 1), ("3", 3), ("【2】", 2)]),
        ("😀 𝒳 tall [2] 😀", [("[2]", 2)]),
        ("items[0] … items[2] and [9]", []),
        ("The list items[1], items[2] is long [3].", [("[3]", 3)]),
    ],
)
def test_markers_become_links_where_they_cite(qtbot: QtBot, text: str, links: list[tuple[str, int]]) -> None:
    assert marked(qtbot, text) == links


@pytest.mark.timeout(120)  # a search whose cost grows with the square takes minutes
def test_thirty_thousand_brackets_are_looked_through(qtbot: QtBot) -> None:
    for text in (
        "[" * 30_000,
        "](" * 15_000,
        "`" * 30_000,
        "a`` " * 8_000,
        "$a" * 15_000,
        "[7]" * 10_000,
        "[1 " * 9000,
    ):
        assert marked(qtbot, text) == []
