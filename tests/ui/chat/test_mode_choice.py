"""What questions are answered with is chosen in the composer, by mouse and keyboard, and says what "by model" is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from chatbot_app.core.servers import Server
from chatbot_app.core.trust import AnswerMode
from chatbot_app.ui.chat.mode_choice import ModeChoice
from chatbot_app.ui.chat.model_note import ModelNote
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice
from chatbot_app.ui.settings.server_field import ServerField


def test_every_way_is_offered_and_by_model_says_which(qtbot: QtBot) -> None:
    choice = ModeChoice()
    qtbot.addWidget(choice)
    choice.show_mode(None, AnswerMode.QUOTES)
    menu = choice.make_menu()
    words = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert words == ["By model (now: Quotes)", "Quotes", "Answer with sources", "Both"]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["By model (now: Quotes)"]
    assert choice.accessibleName() == "Answered with: by model, which is Quotes"
    chosen: list[object] = []
    choice.chosen.connect(chosen.append)
    menu.actions()[-1].trigger()
    menu.actions()[0].trigger()
    assert chosen == [AnswerMode.BOTH, None]


def test_the_keyboard_opens_the_menu_and_chooses(qtbot: QtBot) -> None:
    choice = ModeChoice()
    qtbot.addWidget(choice)
    choice.show()
    chosen: list[object] = []
    choice.chosen.connect(chosen.append)
    QTest.keyClick(choice, Qt.Key.Key_Space)
    menu = choice.findChild(QMenu, "mode_choice_menu")
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert chosen == [AnswerMode.QUOTES]
    assert choice.accessibleName() == "Answered with: Quotes"


def test_in_a_narrow_row_the_icon_speaks(qtbot: QtBot) -> None:
    choice = ModeChoice()
    qtbot.addWidget(choice)
    choice.set_short(True)
    assert choice.text() == ""
    assert choice.accessibleName()
    choice.set_short(False)
    assert choice.text() == "Answer and quotes"


def test_the_header_names_a_small_model_also_where_there_is_little_room(qtbot: QtBot) -> None:
    note = ModelNote()
    qtbot.addWidget(note)
    note.show_model("qwen3-8b", is_small=False)
    assert note.words() == ""
    note.show_model("SmolLM2-135M-Instruct", is_small=True)
    assert note.words() == "SmolLM2-135M, very small"
    wide = note.sizeHint().width()
    note.fit(100)
    assert note.sizeHint().width() < wide
    assert note.accessibleName() == "SmolLM2-135M, very small: check what it says"
    with qtbot.waitSignal(note.better_model_requested):
        note.findChild(object, "header_better_model_button").click()  # type: ignore[union-attr]


def test_a_model_is_called_small_beside_its_name(qtbot: QtBot) -> None:
    field = ServerField()
    qtbot.addWidget(field)
    server = Server("s", "Workstation", "http://localhost:1/v1")
    field.set_servers([server], "s")
    field.show_small(is_small=False, is_fixed=False)
    assert not field.small.isEnabled()  # nobody knows yet which model answers
    field.show_choice("s", "qwen2.5-0.5b")
    field.show_small(is_small=False, is_fixed=False)
    with qtbot.waitSignal(field.small_model_marked) as marked:
        field.small.click()
    assert marked.args == ["s", "qwen2.5-0.5b", True]
    with qtbot.assertNotEmitted(field.small_model_marked):
        field.show_small(is_small=False, is_fixed=False)
    field.show_small(is_small=True, is_fixed=True)
    assert not field.small.isEnabled()
    assert field.small.isChecked()


def test_the_collections_are_an_icon_in_a_narrow_row_as_well(qtbot: QtBot) -> None:
    choice = CollectionChoice()
    qtbot.addWidget(choice)
    choice.set_choice(())
    choice.set_short(True)
    assert choice.text() == ""
    assert choice.accessibleName() == "Documents for answers: All documents"
    assert choice.toolTip().startswith("All documents.")
    choice.set_short(False)
    assert choice.text() == "All documents"
