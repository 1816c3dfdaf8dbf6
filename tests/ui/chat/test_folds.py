"""Details in answers fold: by click, by keyboard, in each other, in lists, while they arrive."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.fold_view import shown_in_folds
from chatbot_app.ui.chat.look import sized
from chatbot_app.ui.chat.transcript import Transcript
from tests.ui.chat.support import answer, blocks, settle, streaming

TEXT = (
    "Before.\n\n<details>\n<summary>How <b>it</b> works</summary>\n\nSome *text*.\n\n```sh\nls\n```\n\n"
    "<details><summary>Deeper</summary>\n\nInside.\n\n</details>\n\nStill in it.\n\n</details>\n\nAfter.\n\n"
    "<details open><summary>Short</summary>In one line</details>\n\nEnd."
)


def seen(transcript: Transcript) -> str:
    """Return what can be read now."""
    view = transcript.view_of("a")
    assert view is not None
    return "\n".join(
        text.plain_text()
        for block in blocks(transcript)
        for text in block.text_views()
        if text.isVisibleTo(view.body)
    )


def fold(transcript: Transcript, name: str) -> QAbstractButton:
    view = transcript.view_of("a")
    assert view is not None
    found = [
        one
        for one in view.body.findChildren(QAbstractButton, "details_fold_button")
        if one.accessibleName() == name and one.isVisibleTo(view.body)
    ]
    assert found, name
    return found[-1]


def show(transcript: Transcript, qtbot: QtBot, text: str) -> None:
    transcript.show_conversation([answer(text)], has_older=False)
    settle(qtbot, transcript)


def test_what_a_closed_fold_holds_is_neither_drawn_nor_laid_out(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, TEXT)
    assert seen(transcript) == "Before.\nHow it works\nAfter.\nShort\nIn one line\nEnd."
    view = transcript.view_of("a")
    assert view is not None
    closed = view.height()
    qtbot.mouseClick(fold(transcript, "How it works"), Qt.MouseButton.LeftButton)
    settle(qtbot, transcript)
    assert seen(transcript) == (
        "Before.\nHow it works\nSome text.\nls\nDeeper\nStill in it.\nAfter.\nShort\nIn one line\nEnd."
    )
    assert view.height() > closed
    inside = next(one for one in blocks(transcript) if one.block and one.block.source == "Some *text*.")
    assert inside.x() > blocks(transcript)[0].x()
    qtbot.mouseClick(fold(transcript, "How it works"), Qt.MouseButton.LeftButton)
    settle(qtbot, transcript)
    assert "Some text." not in seen(transcript)
    assert view.height() == closed


def test_folds_work_with_the_keyboard_and_are_announced(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, TEXT)
    button = fold(transcript, "How it works")
    button.setFocus()
    assert "Closed" in button.accessibleDescription()
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.state().checkable
    qtbot.keyClick(button, Qt.Key.Key_Return)
    settle(qtbot, transcript)
    assert "Deeper" in seen(transcript)
    assert "Opened" in button.accessibleDescription()
    inner = fold(transcript, "Deeper")
    qtbot.keyClick(inner, Qt.Key.Key_Space)
    settle(qtbot, transcript)
    assert "Inside." in seen(transcript)
    assert button.hasFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    settle(qtbot, transcript)
    assert "Inside." not in seen(transcript)


def test_a_fold_without_end_while_it_streams_stays_as_it_was_opened(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.begin_answer(streaming())
    text = "<details>\n<summary>Title</summary>\n\nOne.\n\nTwo."
    for character in text:
        transcript.append_text("a", character)
        transcript.flush()
    settle(qtbot, transcript)
    assert seen(transcript) == "Title"
    qtbot.mouseClick(fold(transcript, "Title"), Qt.MouseButton.LeftButton)
    settle(qtbot, transcript)
    assert seen(transcript) == "Title\nOne.\nTwo."
    transcript.append_text("a", " More.\n")
    transcript.flush()
    transcript.set_message(answer(text + " More.\n"))
    settle(qtbot, transcript)
    assert seen(transcript) == "Title\nOne.\nTwo. More."
    transcript.setFont(sized(transcript.font(), 1.2))  # everything is made anew
    settle(qtbot, transcript)
    assert seen(transcript) == "Title\nOne.\nTwo. More."


def test_details_without_a_title_get_a_name(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, "<details>\n\nHidden.\n\n</details>\n\nAfter.")
    assert seen(transcript) == "Details\nAfter."


def test_folds_in_lists_and_quotes(transcript: Transcript, qtbot: QtBot) -> None:
    text = (
        "1. one\n2. <details><summary>Two</summary>\n\n   Inside two.\n\n   </details>\n3. three\n\n"
        "> <details>\n> <summary>Quoted</summary>\n>\n> In the quote.\n>\n> </details>\n>\n> Beside it.\n"
    )
    show(transcript, qtbot, text)
    assert seen(transcript) == "one\n2. Two\nthree\nQuoted\nBeside it."
    qtbot.mouseClick(fold(transcript, "2. Two"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(fold(transcript, "Quoted"), Qt.MouseButton.LeftButton)
    settle(qtbot, transcript)
    assert seen(transcript) == "one\n2. Two\nInside two.\nthree\nQuoted\nIn the quote.\nBeside it."


def test_what_is_gone_to_opens_the_folds_around_it(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, TEXT)
    view = transcript.view_of("a")
    assert view is not None
    assert view.body.mark_found(re.compile("Inside")) is not None
    settle(qtbot, transcript)
    assert "Inside." in seen(transcript)


def test_only_what_is_seen_is_selected(transcript: Transcript, qtbot: QtBot) -> None:
    show(transcript, qtbot, "- a\n- <details><summary>b</summary>\n\n  hidden\n\n  </details>\n- c\n")
    view = transcript.view_of("a")
    assert view is not None
    top, bottom = QPoint(1, 1), view.body.rect().bottomRight()
    qtbot.mousePress(view.body, Qt.MouseButton.LeftButton, pos=top)
    view.body.selection.extend(bottom)
    assert view.body.selected_text() == "a\nb\nc"
    qtbot.mouseRelease(view.body, Qt.MouseButton.LeftButton, pos=bottom)


def test_what_folds_hide() -> None:
    entries = [(0, False), (1, None), (1, True), (2, None), (0, True), (1, False), (2, None), (1, None)]
    assert list(shown_in_folds(entries)) == [True, False, False, False, True, True, False, True]
