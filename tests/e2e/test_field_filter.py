"""A conversation keeps to documents of a company, a kind or a period: menu, chips, answers, and what stays of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton

from chatbot_app.core.citations import citations_of
from chatbot_app.core.document_filter import NO_FILTER, DocumentFilter
from chatbot_app.core.trust import AnswerMode
from chatbot_app.ui.chat.sources_view import SourcesView
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice
from chatbot_app.ui.knowledge.field_filter_chips import FilterChips
from tests.e2e.person import Launch, Person
from tests.e2e.test_documents import drop, wait_for_import
from tests.unit.knowledge.test_field_search import REPORT

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "Reports"
    folder.mkdir()
    for company, end, sales in (
        ("Pear Inc.", "March 31, 2023", "7,001"),
        ("Pear Inc.", "June 30, 2023", "7,002"),
        ("Nile & Sons, Inc.", "June 30, 2023", "8,002"),
    ):
        name = f"{company.split()[0]} {end.split()[0]}.md"
        (folder / name).write_text(REPORT.format(company=company, end=end, sales=sales))
    return folder


def choose(person: Person, choice: CollectionChoice, field: str, words: str) -> None:
    """Check or uncheck a value in the menu of the button."""
    menu = choice.make_menu()
    submenu = menu.findChild(QMenu, f"filter_{field}_menu")
    assert submenu is not None
    action = next(action for action in submenu.actions() if action.text().startswith(words))
    action.trigger()


def has_menus(choice: CollectionChoice) -> bool:
    return choice.make_menu().findChild(QMenu, "filter_companies_menu") is not None


def test_a_conversation_keeps_to_what_the_fields_say(launch: Launch, reports: Path) -> None:
    person = launch()
    window, chat = person.application.window, person.application.controllers.chat
    choice = person.find(CollectionChoice, "collection_choice")
    chips = person.find(FilterChips, "filter_chips")
    assert not has_menus(choice)  # there is nothing to keep to
    drop(person, reports)
    wait_for_import(person, 3)
    person.qtbot.waitUntil(choice.isVisible, timeout=20_000)
    person.qtbot.waitUntil(lambda: has_menus(choice), timeout=20_000)

    choose(person, choice, "companies", "Pear Inc.  (2)")
    choose(person, choice, "periods", "Q2 2023  (2)")
    assert chat.settings.document_filter == DocumentFilter(("Pear Inc.",), (), ("Q2 2023",))
    shown = [chip.text() for chip in chips.findChildren(QPushButton) if not chip.isHidden()]
    assert shown == ["Pear Inc.", "Q2 2023"]
    assert chips.isVisible()

    window.settings_panel.flush()
    chat.replace_settings(answer_mode=AnswerMode.QUOTES)
    answer = person.ask("How high were total net sales?")
    assert {citation.document for citation in citations_of(answer.metadata)} == {"Pear June"}
    assert "7,002" in answer.text
    person.qtbot.waitUntil(lambda: person.transcript.view_of(answer.id) is not None)
    view = person.transcript.view_of(answer.id)
    assert view is not None
    sources = view.findChild(SourcesView)
    if sources is not None:
        assert sources.accessibleDescription() == "Searched: Pear Inc. · Q2 2023"

    # A new conversation keeps to nothing; the old one still does.
    old = chat.conversation_id
    window.new_conversation_requested.emit()
    assert chat.settings.document_filter == NO_FILTER
    assert not chips.isVisible()
    chat.open(old)
    person.qtbot.waitUntil(chips.isVisible)
    assert chips.filter == DocumentFilter(("Pear Inc.",), (), ("Q2 2023",))

    # A chip goes with a click; what nothing fits is said.
    first = next(chip for chip in chips.findChildren(QPushButton) if chip.text() == "Q2 2023")
    person.qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert chat.settings.document_filter == DocumentFilter(("Pear Inc.",))
    chat.replace_settings(document_filter=DocumentFilter(("Nile & Sons, Inc.",), ("invoice",)))
    refused = person.ask("How high were total net sales?")
    assert "None of your documents is of “Nile & Sons, Inc.”, “invoice”" in refused.text
