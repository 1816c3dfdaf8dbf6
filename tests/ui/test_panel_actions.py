"""Ctrl+, and its like: to the front first, away only from within."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu
from pytestqt.qtbot import QtBot

from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.panel_actions import is_in_front

KEYS = {
    "settings_dock": Qt.Key.Key_Comma,
    "knowledge_dock": Qt.Key.Key_K,
    "passage_dock": Qt.Key.Key_P,
}


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.add_conversation_list()
    made.add_settings_panel()
    made.add_knowledge_panel()
    made.fill_menus()
    made.resize(1200, 800)
    made.show()
    made.activateWindow()
    made.chat_pane.composer.focus_text()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def press(qtbot: QtBot, window: MainWindow, name: str) -> QDockWidget:
    modifiers = Qt.KeyboardModifier.ControlModifier
    if name != "settings_dock":
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(QApplication.focusWidget() or window, KEYS[name], modifiers)
    dock = window.findChild(QDockWidget, name)
    assert dock is not None
    return dock


def has_focus(dock: QDockWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and dock.isAncestorOf(focus)


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("other", KEYS)
def test_a_panel_comes_forward_with_the_focus_and_goes_with_the_next_press(
    qtbot: QtBot, window: MainWindow, name: str, other: str
) -> None:
    if other != name:
        assert is_in_front(press(qtbot, window, other))
    dock = press(qtbot, window, name)
    assert is_in_front(dock)
    qtbot.waitUntil(lambda: has_focus(dock))
    press(qtbot, window, name)
    assert dock.isHidden()
    assert not has_focus(dock)
    assert window.chat_pane.isAncestorOf(QApplication.focusWidget())
    dock = press(qtbot, window, name)
    assert is_in_front(dock)


@pytest.mark.parametrize("name", KEYS)
def test_a_panel_in_front_is_gone_to_before_it_goes(qtbot: QtBot, window: MainWindow, name: str) -> None:
    press(qtbot, window, name)
    window.chat_pane.composer.focus_text()
    dock = press(qtbot, window, name)
    assert is_in_front(dock)
    assert has_focus(dock)


def test_the_focus_returns_to_where_it_was_in_the_panel(qtbot: QtBot, window: MainWindow) -> None:
    dock = press(qtbot, window, "knowledge_dock")
    window.knowledge_panel.filter_edit.setFocus()
    window.chat_pane.composer.focus_text()
    press(qtbot, window, "settings_dock")
    press(qtbot, window, "knowledge_dock")
    assert is_in_front(dock)
    assert window.knowledge_panel.filter_edit.hasFocus()


def test_the_menu_takes_away_what_is_in_front_with_one_click(qtbot: QtBot, window: MainWindow) -> None:
    menu = next(menu for menu in window.menuBar().findChildren(QMenu) if "View" in menu.title())
    action = window.findChild(QAction, "settings_dock_action")
    assert action is not None
    assert action.isChecked()

    def choose() -> None:
        menu.popup(window.mapToGlobal(window.rect().center()))
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    choose()
    assert window.settings_dock.isHidden()
    assert not action.isChecked()
    choose()
    assert is_in_front(window.settings_dock)
    assert action.isChecked()
    window.settings_dock.close()
    assert not action.isChecked()


def test_a_panel_that_floats_comes_back_too(qtbot: QtBot, window: MainWindow) -> None:
    window.knowledge_dock.setFloating(True)
    window.knowledge_dock.hide()
    window.chat_pane.composer.focus_text()
    assert press(qtbot, window, "knowledge_dock").isVisible()
    window.knowledge_dock.hide()


def test_the_passage_panel_says_what_it_is_for_before_a_passage_is_opened(
    qtbot: QtBot, window: MainWindow
) -> None:
    dock = press(qtbot, window, "passage_dock")
    assert dock.widget() is not None
    assert dock.widget().accessibleName() == "Passage"


def test_a_layout_from_before_a_panel_was_there_comes_back_and_the_panel_stands_at_the_right(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.removeDockWidget(window.branches_dock)
    window.knowledge_dock.hide()
    before = window.layout_state()
    later = MainWindow()
    qtbot.addWidget(later)
    later.restore_layout(before)
    later.show()
    assert later.branches_dock.isHidden()
    assert later.knowledge_dock.isHidden()
    later.branches_dock.show()
    later.branches_dock.raise_()
    qtbot.waitUntil(lambda: is_in_front(later.branches_dock))
    assert later.dockWidgetArea(later.branches_dock) == Qt.DockWidgetArea.RightDockWidgetArea
