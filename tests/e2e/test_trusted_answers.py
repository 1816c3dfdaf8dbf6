"""A question to a real document, as a new person asks it: quotes, their places, a small model named as small."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from chatbot_app.core.documents import DocumentState
from chatbot_app.core.servers import Server
from chatbot_app.core.trust import AnswerMode, quotes_of, trust_of
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.mode_choice import ModeChoice
from chatbot_app.ui.chat.model_note import ModelNote
from chatbot_app.ui.chat.quote_row import QuoteRow
from chatbot_app.ui.chat.quotes_view import QuotesView
from chatbot_app.ui.chat.refusal_card import RefusalCard
from chatbot_app.ui.chat.small_model import SmallModelLine, UncheckedLabel
from chatbot_app.ui.chat.support_line import SupportLine
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")

IMPORT_MS = 240_000
REPORT = "documents/reports/2022 Q3 AAPL.pdf"
OFFICES = "What is the address of Apple's principal executive offices?"


def shown(view: MessageView, kind: type) -> list[QWidget]:
    return [one for one in view.findChildren(kind) if one.isVisible()]


def add(person: Person, path: Path) -> None:
    """Drop a file on the composer and wait until it can be found by its meaning, and be chosen."""
    person.application.window.chat_pane.composer.files_dropped.emit([path])
    documents = person.application.services.library.documents
    person.qtbot.waitUntil(
        lambda: [one.state for one in documents.documents()] == [DocumentState.READY], timeout=IMPORT_MS
    )
    person.qtbot.waitUntil(person.find(ModeChoice, "mode_choice").isVisible, timeout=20_000)


def view_of_newest(person: Person) -> MessageView:
    person.qtbot.waitUntil(lambda: person.transcript.is_settled, timeout=20_000)
    view = person.transcript.view_of(person.answers()[-1].id)
    assert view is not None
    return view


def opened(person: Person) -> PassageViewer:
    viewer = person.application.window.passage_dock.widget()
    assert isinstance(viewer, PassageViewer)
    person.qtbot.waitUntil(lambda: viewer.opened is not None, timeout=20_000)
    return viewer


def with_report(launch: Launch, evaluation_data: Path, tmp_path: Path) -> Person:
    """Return a person past the welcome, with the report imported."""
    path = tmp_path / "2022 Q3 AAPL.pdf"
    shutil.copy(evaluation_data / REPORT, path)
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    add(person, path)
    return person


@pytest.mark.model
def test_a_report_is_quoted_and_the_click_marks_the_sentence(
    launch: Launch, built_in_model: Path, evaluation_data: Path, tmp_path: Path
) -> None:
    person = with_report(launch, evaluation_data, tmp_path)
    assert "Quotes" in person.find(ModeChoice, "mode_choice").accessibleName()
    assert person.find(ModelNote, "model_note").words() == "SmolLM2-135M, very small"
    answer = person.ask(OFFICES)
    assert trust_of(answer.metadata) is not None
    assert any("95014" in quote.text for quote in quotes_of(answer.metadata))
    view = view_of_newest(person)
    rows = shown(view, QuoteRow)
    row = next(row for row in rows if isinstance(row, QuoteRow) and "95014" in row.quote.text)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    viewer = opened(person)
    page = viewer.opened.page  # type: ignore[union-attr]
    assert page is not None
    assert page.has_sentence
    assert viewer.page_view.marks()
    around = sum((box.right - box.left) * (box.bottom - box.top) for box in page.around)
    exact = sum((box.right - box.left) * (box.bottom - box.top) for box in page.boxes)
    assert 0 < exact <= around


@pytest.mark.model
def test_the_first_suggestion_is_answered_by_the_sentence_it_asks_for(
    launch: Launch, built_in_model: Path
) -> None:
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    for name, words in (
        ("suggestion_1", "names the passage that supports it"),
        ("suggestion_2", "one database"),
    ):
        person.click("new_conversation_button")
        person.composer.clear()
        window = person.application.window
        person.qtbot.waitUntil(
            lambda: any(one.isVisible() for one in window.findChildren(QAbstractButton, name)),  # noqa: B023
        )
        [button] = [one for one in window.findChildren(QAbstractButton, name) if one.isVisible()]
        button.click()
        documents = person.application.services.library.documents
        person.qtbot.waitUntil(
            lambda: [one.state for one in documents.documents()] == [DocumentState.READY],  # noqa: B023
            timeout=IMPORT_MS,
        )
        person.qtbot.waitUntil(person.find(ModeChoice, "mode_choice").isVisible, timeout=20_000)
        answer = person.ask("")
        assert words in quotes_of(answer.metadata)[0].text
        row = shown(view_of_newest(person), QuoteRow)[0]
        QTest.keyClick(row, Qt.Key.Key_Return)
        viewer = opened(person)
        person.qtbot.waitUntil(lambda: words in viewer.highlighted_text(), timeout=20_000)  # noqa: B023


@pytest.mark.model
def test_the_small_model_speaks_on_demand_and_is_named(
    launch: Launch, built_in_model: Path, evaluation_data: Path, tmp_path: Path
) -> None:
    person = with_report(launch, evaluation_data, tmp_path)
    person.ask(OFFICES)
    view = view_of_newest(person)
    assert not shown(view, SmallModelLine)
    before = person.answers()[-1].id
    view.findChild(QAbstractButton, "ask_model_button").click()  # type: ignore[union-attr]
    person.qtbot.waitUntil(lambda: person.answers()[-1].id != before, timeout=60_000)
    person.wait_until_idle()
    view = view_of_newest(person)
    assert len(shown(view, UncheckedLabel)) == 1
    assert len(shown(view, SmallModelLine)) == 1
    assert shown(view, QuoteRow)
    assert view.body.isVisible()


def test_what_the_documents_do_not_say_is_refused_and_can_be_asked_without_them(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    path = tmp_path / "bread.txt"
    path.write_text("Rye bread is baked with sourdough. The dough rests for twelve hours.\n" * 3)
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    add(person, path)
    person.ask("Who founded the Oracle Corporation?")
    assert not scripted.chat_requests
    view = view_of_newest(person)
    [card] = shown(view, RefusalCard)
    assert isinstance(card, RefusalCard)
    assert "1 document" in card.words() or "your one document" in card.words()
    scripted.set_answers(sse_answer(["Larry Ellison and others."]))
    before = person.answers()[-1].id
    card.findChild(QAbstractButton, "without_documents_button").click()  # type: ignore[union-attr]
    person.qtbot.waitUntil(lambda: person.answers()[-1].id != before, timeout=20_000)
    person.wait_until_idle()
    assert person.answers()[-1].text == "Larry Ellison and others."
    assert "sourdough" not in scripted.chat_requests[-1].body.decode()
    assert not shown(view_of_newest(person), RefusalCard)


def test_a_model_called_small_gives_quotes_and_the_mode_is_kept(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    path = tmp_path / "ship.txt"
    path.write_text("The ship Meridian was built in Hamburg in 1912. It carried tea and letters.\n" * 2)
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    add(person, path)
    choice = person.find(ModeChoice, "mode_choice")
    assert "by model, which is Answer and quotes" in choice.accessibleName()
    person.find(QAbstractButton, "small_model_check").click()
    person.qtbot.waitUntil(lambda: "by model, which is Quotes" in choice.accessibleName())
    assert person.find(ModelNote, "model_note").words() == "scripted, very small"
    person.ask("Where was the ship Meridian built?")
    assert not scripted.chat_requests
    assert shown(view_of_newest(person), QuoteRow)
    choice.choose(AnswerMode.ANSWER)
    scripted.set_answers(sse_answer(["It was built in Hamburg in 1912 [1]."]))
    person.ask("Where was the ship Meridian built, and when?")
    assert len(scripted.chat_requests) == 1
    services = person.application.services
    assert services.small_models.is_small(Server("scripted", "", "", default_model="scripted"), "scripted")
    conversation = services.conversations.conversation(
        person.application.controllers.chat.conversation_id or ""
    )
    assert conversation.settings.answer_mode is AnswerMode.ANSWER


def test_a_sentence_that_the_source_contradicts_is_underlined_and_counted(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    path = tmp_path / "ship.txt"
    path.write_text("The ship Meridian was built in Hamburg in 1912. It carried tea and letters to Lisbon.\n")
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    add(person, path)
    scripted.set_answers(
        sse_answer(["The ship Meridian was built in Hamburg in 1913 [1]. It carried tea and letters [1]."])
    )
    person.ask("Where and when was the ship Meridian built?")
    view = view_of_newest(person)
    [line] = shown(view, SupportLine)
    assert isinstance(line, SupportLine)
    assert line.words() == "1 of 2 statements found in your sources"
    texts = [text for block in view.body.block_views() for text in block.text_views()]
    underlined = [words for text in texts for words, _ in text.underlined()]
    assert len(underlined) == 1
    assert "1913" in underlined[0]
    assert "1912" in line.reasons()
    [listed] = shown(view, QuotesView)
    assert isinstance(listed, QuotesView)
    assert not listed.is_open


def test_the_third_suggestion_summarises_a_pasted_text_without_a_model(
    launch: Launch, scripted: ScriptedServer
) -> None:
    text = (
        "The harbour was built in 1912 for the tea trade. Ships of the tea trade filled the harbour for years. "
        "My cat is called Tom. After the war the harbour was used for coal. Today the old harbour is a park."
    )
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    window = person.application.window
    person.qtbot.waitUntil(
        lambda: any(one.isVisible() for one in window.findChildren(QAbstractButton, "suggestion_3"))
    )
    [card] = [one for one in window.findChildren(QAbstractButton, "suggestion_3") if one.isVisible()]
    card.click()
    answer = person.ask(text)
    assert not scripted.chat_requests
    quoted = [line[2:] for line in answer.text.splitlines() if line.startswith("> ")]
    assert len(quoted) == 3
    assert all(sentence in text and "cat" not in sentence for sentence in quoted)
    view = view_of_newest(person)
    assert view.body.isVisible()
    assert shown(view, QAbstractButton)
    scripted.set_answers(sse_answer(["It tells of a harbour."]))
    before = person.answers()[-1].id
    view.findChild(QAbstractButton, "ask_model_button").click()  # type: ignore[union-attr]
    person.qtbot.waitUntil(lambda: person.answers()[-1].id != before, timeout=20_000)
    person.wait_until_idle()
    assert person.answers()[-1].text == "It tells of a harbour."
