"""What a model says to an answer stands beside our own checks, in a line, under the mouse and in the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolTip
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.model_verdicts import MODEL_CHECK, ModelCheck, ModelVerdict
from chatbot_app.core.trust import Verdict, checks_of
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.model_check_line import Checking, ModelCheckLine
from chatbot_app.ui.chat.support_line import SupportLine
from chatbot_app.ui.chat.transcript import Transcript
from tests.trust_data import checked_answer
from tests.ui.chat.support import answer, blocks, button, question, settle
from tests.ui.chat.test_statement_marks import view_with

Style = QTextCharFormat.UnderlineStyle
PROOF = "Total net sales were $82,959 million in the third quarter of 2022."


def by_model(metadata: dict[str, Any], *verdicts: Verdict, model: str = "gpt-4o") -> dict[str, Any]:
    """Return metadata with a model's verdicts on the first statements."""
    places = [(check.start, check.end) for check in checks_of(metadata)]
    found = tuple(
        ModelVerdict(*place, verdict, 1, PROOF)
        if verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED)
        else ModelVerdict(
            *place, verdict, reason="" if verdict is Verdict.UNSUPPORTED else "It said nothing."
        )
        for place, verdict in zip(places, verdicts, strict=False)
    )
    return {**metadata, MODEL_CHECK: ModelCheck(model, len(places), found).to_dict()}


def show(qtbot: QtBot, transcript: Transcript, message: Message) -> MessageView:
    transcript.show_conversation([question("When?"), message], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    return view


def line_of(view: MessageView) -> ModelCheckLine:
    [line] = [one for one in view.findChildren(ModelCheckLine) if one.isVisible()]
    return line


def offers(view: MessageView) -> bool:
    return any(
        one.isVisible() and one.isEnabled()
        for one in view.findChildren(type(button(view, "copy_button")), "check_with_model_button")
    )


def test_it_is_offered_where_a_model_that_can_is_connected_and_there_are_statements(
    qtbot: QtBot, transcript: Transcript
) -> None:
    text, metadata = checked_answer()
    view = show(qtbot, transcript, answer(text, metadata=metadata))
    assert not offers(view)
    transcript.remarks.set_checker("gpt-4o")
    settle(qtbot, transcript)
    assert offers(view)
    asked: list[str] = []
    transcript.user_actions.check_requested.connect(asked.append)
    check = button(view, "check_with_model_button")
    assert check.accessibleName() == "Check with gpt-4o: each statement is sent to it with its sources"
    check.click()
    assert asked == ["a"]
    transcript.remarks.set_checker(None)
    assert not offers(view)
    transcript.remarks.set_checker("")
    assert "the model" in button(view, "check_with_model_button").accessibleName()
    for message in (
        answer("Hello.", metadata={}),
        answer(text, metadata=metadata, status=MessageStatus.STREAMING),
        replace(question("Hm?"), id="a"),
    ):
        assert not offers(show(qtbot, transcript, message))


def test_it_stands_in_the_menu_of_the_message(qtbot: QtBot, transcript: Transcript) -> None:
    text, metadata = checked_answer()
    view = show(qtbot, transcript, answer(text, metadata=metadata))
    transcript.remarks.set_checker("m&m")
    asked: list[str] = []
    transcript.user_actions.check_requested.connect(asked.append)
    view.contextMenuEvent(
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, view.rect().center(), view.rect().center())
    )
    [menu] = [one for one in view.findChildren(QMenu) if one.isVisible()]
    [action] = [one for one in menu.actions() if one.text() == "Check with m&&m"]
    action.trigger()
    menu.close()
    assert asked == ["a"]


def test_while_it_checks_it_says_how_far_it_is_and_stops(qtbot: QtBot, transcript: Transcript) -> None:
    text, metadata = checked_answer()
    view = show(qtbot, transcript, answer(text, metadata=metadata))
    transcript.remarks.set_checker("gpt-4o")
    transcript.remarks.set_checking("a", Checking("gpt-4o"))
    settle(qtbot, transcript)
    line = line_of(view)
    assert line.words() == "gpt-4o is asked about each statement…"
    assert not offers(view)
    transcript.remarks.set_checking("a", Checking("gpt-4o", 2, 5))
    assert line_of(view) is line
    assert line.words() == "gpt-4o checks: 2 of 5 statements"
    asked: list[str] = []
    transcript.user_actions.check_stop_requested.connect(asked.append)
    QTest.keyClick(button(view, "stop_model_check_button"), Qt.Key.Key_Space)
    assert asked == ["a"]
    transcript.before_restyle()  # another theme: it goes on
    settle(qtbot, transcript)
    again = transcript.view_of("a")
    assert again is not None
    assert line_of(again).words() == "gpt-4o checks: 2 of 5 statements"
    transcript.remarks.set_checking("a", None)
    settle(qtbot, transcript)
    assert not [one for one in again.findChildren(ModelCheckLine) if one.isVisible()]


def test_both_verdicts_are_shown(qtbot: QtBot, transcript: Transcript) -> None:
    text, metadata = checked_answer()
    kinds = Verdict.UNSUPPORTED, Verdict.CONTRADICTED, Verdict.SUPPORTED, Verdict.NOT_CHECKED
    view = show(qtbot, transcript, answer(text, metadata=by_model(metadata, *kinds)))
    assert line_of(view).words() == (
        "By gpt-4o, 4 of 5 statements: 1 supported, 1 not supported, 1 contradicted, 1 not checked"
    )
    [support] = [one for one in view.findChildren(SupportLine) if one.isVisible()]
    assert support.words() == "3 of 5 statements found in your sources"
    views = [one for block in blocks(transcript) for one in block.text_views()]
    styles = {text[:12]: shape.underlineStyle() for one in views for text, shape in one.underlined()}
    assert styles["Apple's tota"] is Style.DashUnderline  # we find it, the model does not
    button(view, "findings_fold_button").click()
    reasons = [row.accessibleName() for row in support.rows if row.isVisible()]
    assert reasons[0].startswith("In your sources, by comparison: supported; by gpt-4o: not supported.")
    assert reasons[1].startswith("In your sources, by comparison: contradicted; by gpt-4o: contradicted.")
    assert f"[1] “{PROOF}”" in reasons[1]
    assert "not supported; by gpt-4o: supported" in reasons[2]
    assert "not supported; by gpt-4o: supported" in view.accessibleDescription()
    part, point = view_with(transcript, "Apple's")
    QTest.mouseMove(view.body, QPoint(0, 0))
    QTest.mouseMove(view.body, part.mapTo(view.body, point))
    qtbot.waitUntil(lambda: "by gpt-4o: not supported" in QToolTip.text())
    QToolTip.hideText()
    QTest.mouseMove(transcript, QPoint(1, 1))  # quotes under the mouse stay open in whatever is tested next


def test_a_sentence_that_both_support_says_so_under_the_mouse_and_has_no_line(
    qtbot: QtBot, transcript: Transcript
) -> None:
    text, metadata = checked_answer()
    view = show(qtbot, transcript, answer(text, metadata=by_model(metadata, Verdict.SUPPORTED)))
    views = [one for block in blocks(transcript) for one in block.text_views()]
    assert not any(words.startswith("Apple's") for one in views for words, _ in one.underlined())
    part, point = view_with(transcript, "Apple's")
    QTest.mouseMove(view.body, QPoint(0, 0))
    QTest.mouseMove(view.body, part.mapTo(view.body, point))
    qtbot.waitUntil(lambda: "by gpt-4o: supported" in QToolTip.text())
    assert "82,959" in QToolTip.text()
    QToolTip.hideText()
    QTest.mouseMove(transcript, QPoint(1, 1))  # quotes under the mouse stay open in whatever is tested next


def test_what_a_model_is_called_and_says_is_text(qtbot: QtBot, transcript: Transcript) -> None:
    text, metadata = checked_answer()
    name = "<b>x</b>" * 40
    view = show(qtbot, transcript, answer(text, metadata=by_model(metadata, Verdict.UNSUPPORTED, model=name)))
    assert len(line_of(view).words()) < 200
    damaged = {**metadata, MODEL_CHECK: {"model": 3}}
    view = show(qtbot, transcript, answer(text, metadata=damaged))
    assert not [one for one in view.findChildren(ModelCheckLine) if one.isVisible()]
