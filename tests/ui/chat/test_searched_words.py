"""What a question was understood to ask stands with its answer, literally and on one line."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.citations import Citation
from chatbot_app.core.document_fields import FieldsAsked
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.searched_words import SearchedLine, kept_to, searched_words
from chatbot_app.ui.chat.sources_view import SourcesView
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

ASKED = FieldsAsked(("Pear Inc.",), ("10-Q",), ("Q3 2022",), 1).to_dict()


@pytest.mark.parametrize(
    ("retrieval", "words"),
    [
        ({"asked": ASKED}, "Searched: Pear Inc. · 10-Q · Q3 2022"),
        ({"asked": ASKED, "kept_to": ["Pear Inc.", "2022"]}, "Searched: Pear Inc. · 2022 · 10-Q · Q3 2022"),
        ({"kept_to": ["<b>Nile</b>\n& Sons"]}, "Searched: <b>Nile</b> & Sons"),
        ({}, ""),
        ({"asked": {"companies": "damaged"}, "kept_to": 7}, ""),
        (None, ""),
    ],
)
def test_what_was_searched_in_words(retrieval: object, words: str) -> None:
    assert searched_words({"retrieval": retrieval}) == words
    assert isinstance(kept_to({"retrieval": retrieval}), list)


def test_the_line_takes_its_room_above_the_sources(qtbot: QtBot) -> None:
    citation = Citation(1, "d", "Pear 2022", "/p", 4, "", 0, 4, 0.5, "text", False, 0, 1, 0, 1)
    owner = QWidget()
    qtbot.addWidget(owner)
    look, actions = look_of(owner), TranscriptActions(owner)
    views = []
    for retrieval in ({"searched": "sales"}, {"searched": "sales", "asked": ASKED}):
        metadata = {"sources": [citation.to_dict()], "retrieval": retrieval}
        view = SourcesView(look, actions, "answer", metadata)
        qtbot.addWidget(view)
        views.append((view, view.height_for(600)))
    (without, lower), (with_line, higher) = views
    assert higher > lower
    assert with_line.rows[0].y() > without.rows[0].y()
    assert with_line.accessibleDescription() == "Searched: Pear Inc. · 10-Q · Q3 2022"
    line = SearchedLine(look, "Searched: Pear Inc.", with_line)
    assert line.height_for(600) > 0
