"""Gauge, line, inspector and guard follow the plan of the next prompt."""

from __future__ import annotations

import threading
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QWidget
from shiboken6 import isValid

from chatbot_app.chat.events import SummaryFailed, SummaryStarted, SummaryWritten
from chatbot_app.chat.requests import NewQuestion, PlanRequest
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Notice
from chatbot_app.ui.chat.summary_card import SummaryCard
from chatbot_app.ui.chat.window_line import WindowLine
from chatbot_app.ui.context.inspector import ContextInspector
from tests.ui.context.conftest import Desk


def inspector(desk: Desk) -> ContextInspector:
    found = desk.pane.findChild(ContextInspector)
    assert found is not None
    return found


def find(parent: QWidget, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def notice(desk: Desk) -> str:
    return str(find(desk.pane, QLabel, "notice_sentence").text()) if desk.pane.notice_bar.isVisible() else ""


def test_opening_to_read_asks_no_server(desk: Desk) -> None:
    desk.open()
    desk.pane.composer.set_text("")
    assert desk.worker.asked == []
    assert not desk.pane.gauge.has_plan


def test_the_gauge_and_the_line_follow_the_draft(desk: Desk) -> None:
    desk.open()
    desk.type("Hello")
    request = desk.worker.asked[-1]
    last = desk.messages[-1].id
    assert (request.conversation_id, request.parent_id, request.draft) == (
        desk.conversation_id,
        last,
        "Hello",
    )
    desk.answer(desk.plan(out=2))
    assert desk.pane.gauge.state() == "cut"
    line = desk.pane.findChild(WindowLine)
    assert line is not None
    assert not line.isHidden()
    desk.type("Hello again")
    desk.answer(desk.plan())
    assert desk.pane.gauge.state() == "ok"
    assert line.isHidden()


def test_the_first_question_is_planned_before_anything_is_stored(desk: Desk) -> None:
    settings = GenerationSettings(max_tokens=99)
    desk.chat.start_new(settings)
    desk.type("Hello")
    assert desk.worker.asked[-1] == PlanRequest("", None, "Hello", settings=settings)
    desk.answer(desk.plan())
    assert desk.pane.gauge.has_plan
    desk.chat.start_new(settings)
    assert not desk.pane.gauge.has_plan


def test_a_plan_of_an_older_draft_is_dropped(desk: Desk) -> None:
    desk.open()
    desk.type("one")
    late = desk.worker.asked[-1]
    desk.type("two")
    desk.worker.prompt_planned.emit(late, desk.plan(out=4))
    assert not desk.pane.gauge.has_plan
    desk.answer(desk.plan())
    assert desk.pane.gauge.state() == "ok"


def test_a_server_that_cannot_be_asked_is_not_asked_at_every_letter(desk: Desk) -> None:
    desk.open()
    desk.type("one")
    desk.worker.planning_failed.emit(desk.worker.asked[-1], Notice("Offline", "No net."))
    assert notice(desk) == ""
    asked = len(desk.worker.asked)
    with desk.qtbot.waitSignal(desk.pane.composer.text_changed_debounced):
        desk.pane.composer.set_text("one two")
    assert len(desk.worker.asked) == asked
    desk.chat.replace_settings(model="another")  # that may help
    desk.qtbot.waitUntil(lambda: len(desk.worker.asked) > asked)


def test_pinning_shows_at_once_and_plans_again(desk: Desk) -> None:
    desk.open()
    desk.type("Hello")
    desk.answer(desk.plan(out=2))
    first = desk.messages[0].id
    view = desk.pane.transcript.view_of(first)
    assert view is not None
    asked = len(desk.worker.asked)
    desk.pane.transcript.user_actions.pin_toggled.emit(first, True)
    desk.qtbot.waitUntil(lambda: view.message.pinned and len(desk.worker.asked) > asked)
    assert desk.marks.marks_of(first) == (True, False)
    desk.pane.transcript.user_actions.exclude_toggled.emit(first, True)
    desk.qtbot.waitUntil(lambda: desk.marks.marks_of(first) == (False, True))
    stored = desk.store.message(first)
    assert (stored.pinned, stored.excluded) == (False, True)


def test_a_click_on_the_gauge_opens_the_next_prompt_and_typing_changes_it(desk: Desk) -> None:
    desk.open()
    desk.type("Hello")
    desk.answer(desk.plan())
    desk.qtbot.mouseClick(desk.pane.gauge, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: desk.pane.findChild(ContextInspector) is not None)
    desk.qtbot.waitUntil(inspector(desk).isVisible)
    assert inspector(desk).windowTitle() == "The next prompt"
    summary = find(inspector(desk), QLabel, "inspector_summary")
    assert " 640 of" in summary.text()
    desk.type("Hello there")
    desk.answer(desk.plan(question=50))
    desk.qtbot.waitUntil(lambda: " 650 of" in summary.text())
    inspector(desk).close()


def test_from_the_inspector_a_message_is_pinned_and_gone_to(desk: Desk) -> None:
    desk.open()
    desk.type("Hello")
    desk.answer(desk.plan())
    desk.context.inspect_next()
    desk.qtbot.waitUntil(lambda: desk.pane.findChild(ContextInspector) is not None)
    second = desk.messages[1].id
    inspector(desk).pin_toggled.emit(second, True)
    desk.qtbot.waitUntil(lambda: desk.store.message(second).pinned)
    with desk.qtbot.waitSignal(inspector(desk).message_requested):
        inspector(desk).message_requested.emit(second)
    inspector(desk).close()


def test_a_window_is_named_once_for_server_and_model(desk: Desk) -> None:
    desk.open()
    desk.type("Hello")
    desk.answer(desk.plan(source="assumed"))
    desk.pane.notice_bar.action_requested.emit("set-window")
    desk.qtbot.waitUntil(lambda: desk.pane.findChild(ContextInspector) is not None)
    desk.qtbot.waitUntil(inspector(desk).isVisible)
    find(inspector(desk), QSpinBox, "window_spin").setValue(16_384)
    asked = len(desk.worker.asked)
    find(inspector(desk), QPushButton, "name_window_button").click()
    desk.qtbot.waitUntil(lambda: len(desk.worker.asked) > asked)
    assert desk.models.named == [("s1", "tiny", 16_384)]
    inspector(desk).close()


def keep_everything(desk: Desk) -> None:
    desk.open()
    desk.chat.set_settings(replace(desk.chat.settings, history_strategy=HistoryStrategy.KEEP_EVERYTHING))
    desk.qtbot.waitUntil(
        lambda: (
            desk.store.conversation(desk.conversation_id).settings.history_strategy
            is HistoryStrategy.KEEP_EVERYTHING
        )
    )


def test_what_does_not_fit_is_refused_with_by_how_much(desk: Desk) -> None:
    keep_everything(desk)
    desk.pane.composer.set_text("Too much")
    desk.asking.send("Too much")
    assert desk.worker.asked[-1].draft == "Too much"
    desk.answer(desk.plan(question=1_500))
    assert "564 tokens too long" in notice(desk)
    assert desk.pane.composer.text() == "Too much"
    assert desk.worker.sent == []
    find(desk.pane, QPushButton, "notice_choice_oldest_exchanges").click()
    assert desk.chat.settings.history_strategy is HistoryStrategy.OLDEST_EXCHANGES
    desk.qtbot.waitUntil(lambda: notice(desk) == "")


def test_what_fits_is_sent_when_that_is_known(desk: Desk) -> None:
    keep_everything(desk)
    desk.pane.composer.set_text("Fits")
    desk.asking.send("Fits")
    assert desk.worker.sent == []
    desk.answer(desk.plan())
    desk.qtbot.waitUntil(lambda: bool(desk.worker.sent))
    [sent] = desk.worker.sent
    expected = NewQuestion(desk.conversation_id, desk.messages[-1].id, "Fits", sent.question_id)
    assert sent == expected


def test_a_question_changed_meanwhile_is_not_sent(desk: Desk) -> None:
    keep_everything(desk)
    desk.pane.composer.set_text("Fits")
    desk.asking.send("Fits")
    desk.pane.composer.set_text("Fits, but")
    desk.answer(desk.plan())
    assert desk.worker.sent == []
    assert "Not sent" in desk.pane.composer.findChild(QLabel, "composer_hint").text()


def test_where_nothing_can_be_planned_the_turn_decides(desk: Desk) -> None:
    keep_everything(desk)
    desk.pane.composer.set_text("Hello")
    desk.asking.send("Hello")
    desk.worker.planning_failed.emit(desk.worker.asked[-1], Notice("Offline", "No net."))
    desk.qtbot.waitUntil(lambda: bool(desk.worker.sent))


def test_summaries_are_shown_edited_and_removed(desk: Desk) -> None:
    second = desk.messages[1].id
    summary = desk.summaries.save(desk.conversation_id, second, "Goal: test", model="tiny")
    desk.open()

    def cards() -> list[SummaryCard]:
        found = desk.pane.transcript.findChildren(SummaryCard)
        return [card for card in found if isValid(card) and not card.isHidden()]

    desk.qtbot.waitUntil(lambda: bool(cards()))
    desk.pane.transcript.user_actions.summary_edited.emit(summary.id, "Goal: mine")
    desk.qtbot.waitUntil(lambda: "edited by you" in cards()[0].accessibleName())
    assert desk.summaries.all(desk.conversation_id)[0].text == "Goal: mine"
    desk.pane.transcript.user_actions.summary_pin_toggled.emit(summary.id, True)
    desk.qtbot.waitUntil(lambda: desk.summaries.all(desk.conversation_id)[0].pinned)
    desk.pane.transcript.user_actions.summary_removed.emit(summary.id)
    desk.qtbot.waitUntil(lambda: not cards())
    desk.type("Hello")
    desk.answer(desk.plan(out=2))
    desk.worker.summary_event.emit(SummaryStarted(desk.conversation_id))
    assert "is being written" in cards()[0].accessibleName()
    desk.worker.summary_event.emit(SummaryWritten(desk.conversation_id, replace(summary, id="s2")))
    assert [card.summary.id for card in cards() if card.summary] == ["s2"]
    desk.worker.summary_event.emit(SummaryStarted("another"))
    desk.worker.summary_event.emit(
        SummaryFailed(desk.conversation_id, Notice("SummaryFailed", "No summary could be written."))
    )
    assert notice(desk) == "No summary could be written."


def test_settings_are_stored_once_and_before_the_question_that_they_are_for(desk: Desk) -> None:
    desk.open()
    stored: list[float | None] = []
    began, go_on, store = threading.Event(), threading.Event(), desk.store.set_settings

    def slowly(conversation_id: str, settings: GenerationSettings) -> None:
        stored.append(settings.temperature)
        began.set()
        go_on.wait(60)
        store(conversation_id, settings)

    desk.store.set_settings = slowly  # type: ignore[method-assign]
    desk.chat.replace_settings(temperature=0.1)
    desk.qtbot.waitUntil(began.is_set)
    desk.chat.replace_settings(temperature=0.2)
    desk.chat.replace_settings(temperature=0.3)
    desk.pane.composer.set_text("Hello")
    desk.asking.send("Hello")
    assert desk.worker.sent == [], "the settings are on their way"
    go_on.set()
    desk.qtbot.waitUntil(lambda: bool(desk.worker.sent))
    assert stored == [0.1, 0.3]
    assert desk.store.conversation(desk.conversation_id).settings.temperature == 0.3
    desk.asking.stop()
    desk.asking.send("At once")
    assert len(desk.worker.sent) == 2, "nothing is waited for where nothing is queued"


def test_a_branch_that_is_read_late_does_not_bring_back_what_was_left(desk: Desk) -> None:
    desk.open()
    desk.chat.reload()
    desk.chat.start_new(GenerationSettings())
    desk.chat.open(desk.conversation_id)
    desk.chat.start_new(GenerationSettings())
    done: list[bool] = []
    desk.runner.afterwards(lambda: done.append(True))
    desk.qtbot.waitUntil(lambda: bool(done))
    assert desk.chat.conversation_id is None
    assert desk.pane.transcript.message_ids() == []
