"""The trash of conversations: what is shown, what is asked before anything goes, keyboard and screen reader."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QListView, QMessageBox, QPushButton, QWidget

from chatbot_app.storage.trash import TrashedConversation
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.conversation_trash_dialog import ConversationTrashDialog
from chatbot_app.ui.conversation_trash_model import TrashModel

ENTRIES = [
    TrashedConversation("a", "Quokkas", "What is a quokka?", "2026-03-20T12:00:00.000+00:00", 2, 30),
    TrashedConversation("b", "", "", "not a moment", 0, 1),
    TrashedConversation("c", "<b>x</b>\n\u202ey " * 40, "{braces}", "2026-03-01T12:00:00.000+00:00", 9, 0),
]


@pytest.fixture
def dialog(qtbot) -> ConversationTrashDialog:
    made = ConversationTrashDialog()
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    made.show_entries(ENTRIES)
    return made


def find(dialog: QWidget, kind: type, name: str):
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def press(qtbot, dialog: QWidget, name: str) -> None:
    qtbot.mouseClick(find(dialog, QPushButton, name), Qt.MouseButton.LeftButton)


def test_rows_say_what_when_and_for_how_long(dialog: ConversationTrashDialog) -> None:
    model = find(dialog, QListView, "trash_list").model()
    said = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert said[0] == "Quokkas, What is a quokka?, deleted 20 Mar 2026, 30 days left"
    assert said[1] == "New conversation, Nothing was asked in it, 1 day left"
    assert said[2].endswith("goes today")
    assert "\u202e" not in said[2]
    assert "\n" not in said[2]
    tip = model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>x</b>" not in tip
    QAbstractItemModelTester(TrashModel(dialog), QAbstractItemModelTester.FailureReportingMode.Warning)


def test_return_restores_and_delete_asks_first(qtbot, dialog: ConversationTrashDialog) -> None:
    view = find(dialog, QListView, "trash_list")
    with qtbot.waitSignal(dialog.restore_requested) as restored:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert restored.args == [["a"]]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.assertNotEmitted(dialog.purge_requested):
        qtbot.keyClick(view, Qt.Key.Key_Delete)
        box = find(dialog, QMessageBox, "purge_box")
        assert box.text() == "Delete 2 conversations for good?"
        assert box.defaultButton().objectName() == "purge_cancel_button"
        box.reject()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    with qtbot.waitSignal(dialog.purge_requested) as purged:
        boxes = [box for box in dialog.findChildren(QMessageBox, "purge_box") if box.isVisible()]
        press(qtbot, boxes[0], "purge_confirm_button")
    assert purged.args == [["b", "c"]]


def test_a_hostile_title_is_shown_as_text_in_the_question(qtbot, dialog: ConversationTrashDialog) -> None:
    view = find(dialog, QListView, "trash_list")
    view.setCurrentIndex(view.model().index(2, 0))
    press(qtbot, dialog, "trash_purge_button")
    box = find(dialog, QMessageBox, "purge_box")
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert len(box.text()) < 120
    box.reject()


def test_emptying_asks_and_an_empty_trash_offers_nothing(qtbot, dialog: ConversationTrashDialog) -> None:
    with qtbot.waitSignal(dialog.empty_requested):
        press(qtbot, dialog, "trash_empty_button")
        press(qtbot, find(dialog, QMessageBox, "purge_box"), "purge_confirm_button")
    dialog.show_entries([])
    for name in ("trash_empty_button", "trash_purge_button", "trash_restore_button"):
        assert not find(dialog, QPushButton, name).isEnabled()
    assert find(dialog, QLabel, "trash_nothing").isVisible()


def test_every_part_has_a_name_for_the_screen_reader(dialog: ConversationTrashDialog) -> None:
    for widget in dialog.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.objectName():
            assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), widget


def test_the_list_says_how_many_are_in_the_trash(qtbot) -> None:
    side = ConversationList()
    qtbot.addWidget(side)
    side.show()
    button = find(side, QPushButton, "trash_button")
    assert (button.text(), button.accessibleName()) == ("Trash", "Trash, empty")
    side.set_trash_count(2)
    assert (button.text(), button.accessibleName()) == ("Trash (2)", "Trash, 2 conversations")
    with qtbot.waitSignal(side.trash_requested):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.mapTo(side, QPoint()).y() > side.height() // 2
