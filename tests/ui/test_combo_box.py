"""Popups: every entry of every list and menu is seen, whatever the text, the theme and the place on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.theme import ThemeMode, apply_theme


@pytest.fixture(params=[(mode, size) for mode in (ThemeMode.LIGHT, ThemeMode.DARK) for size in (1.0, 1.6)])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Both themes, in the usual size of text and in a larger one."""
    mode, size = request.param
    apply_theme(qapp)  # the font that it finds first, it takes for the system's ever after
    usual = QFont(qapp.font())
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * size)
    qapp.setFont(larger)
    # A size has a style sheet of its own: the theme makes one where it changes.
    apply_theme(qapp, ThemeMode.DARK if mode is ThemeMode.LIGHT else ThemeMode.LIGHT)
    apply_theme(qapp, mode)
    yield
    qapp.setFont(usual)
    apply_theme(qapp, ThemeMode.DARK)
    apply_theme(qapp, ThemeMode.LIGHT)


def hidden_entries(box: QComboBox) -> list[str]:
    """Open a list, return those entries that are not wholly seen, and close it."""
    box.showPopup()
    view, model = box.view(), box.model()
    QApplication.processEvents()
    seen = view.viewport().rect()
    hidden = []
    for row in range(box.count()):
        place = view.visualRect(model.index(row, box.modelColumn(), box.rootModelIndex()))
        if not (seen.top() <= place.top() and place.bottom() <= seen.bottom()):
            hidden.append(box.itemText(row))
    assert view.window().screen().availableGeometry().contains(view.window().geometry())
    box.hidePopup()
    return hidden


def with_entries(qtbot: QtBot, count: int) -> ComboBox:
    box = ComboBox()
    qtbot.addWidget(box)
    box.addItems([f"Entry {number}" for number in range(count)])
    return box


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_all_entries_are_seen_wherever_the_list_opens(qtbot: QtBot, count: int, share: float) -> None:
    box = with_entries(qtbot, count)
    screen = box.screen().availableGeometry()
    box.move(QPoint(20, round(screen.height() * share) - (box.sizeHint().height() if share > 0.9 else 0)))
    box.show()
    for current in (0, count - 1):
        box.setCurrentIndex(current)
        assert hidden_entries(box) == []


def test_what_stands_below_a_separator_is_seen(qtbot: QtBot) -> None:
    box = with_entries(qtbot, 1)
    box.insertSeparator(1)
    box.addItem("Trash")
    box.show()
    assert hidden_entries(box) == []
    box.showPopup()
    heights = [box.view().sizeHintForRow(row) for row in range(3)]
    assert heights[1] < heights[0] == heights[2]
    box.hidePopup()


def test_entries_that_come_while_it_is_open_are_seen(qtbot: QtBot) -> None:
    box = with_entries(qtbot, 2)
    box.show()
    box.showPopup()
    box.addItems([f"Late {number}" for number in range(6)])
    view = box.view()
    qtbot.waitUntil(
        lambda: view.viewport().rect().bottom() >= view.visualRect(box.model().index(7, 0)).bottom()
    )
    box.hidePopup()


def test_a_popup_is_as_wide_as_its_longest_entry_and_stays_on_the_screen(qtbot: QtBot) -> None:
    box = with_entries(qtbot, 2)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.addItem("a collection with a long name, " * 2)
    box.resize(120, box.sizeHint().height())
    screen = box.screen().availableGeometry()
    box.move(screen.right() - 120, 40)
    box.show()
    box.showPopup()
    view = box.view()
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    assert screen.contains(view.window().geometry())
    box.hidePopup()


def test_what_the_screen_cannot_hold_is_scrolled_to(qtbot: QtBot) -> None:
    box = with_entries(qtbot, 200)
    box.setCurrentIndex(199)
    box.show()
    box.showPopup()
    view = box.view()
    screen = box.screen().availableGeometry()
    assert screen.contains(view.window().geometry())
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())
    assert view.verticalScrollBar().maximum() > 0
    box.hidePopup()


@pytest.mark.usefixtures("look")
def test_qts_own_dialogs_show_all_entries_too(qtbot: QtBot) -> None:
    dialog = QFileDialog(None, "Export", "", "Markdown (*.md);;JSON (*.json)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setHistory([])  # of the whole process, and longer than Qt shows without scrolling
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    qtbot.addWidget(dialog)
    dialog.show()
    boxes = [box for box in dialog.findChildren(QComboBox) if box.isVisible() and box.count()]
    assert "fileTypeCombo" in {box.objectName() for box in boxes}
    assert [hidden for box in boxes for hidden in hidden_entries(box)] == []


@pytest.mark.usefixtures("look")
def test_a_menu_shows_all_of_its_entries(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    for number in range(15):
        menu.addAction(f"Entry {number}")
        if number % 5 == 4:
            menu.addSeparator()
    last = menu.addAction("Last")
    menu.popup(QPoint(10, menu.screen().availableGeometry().bottom() - 40))
    assert menu.rect().contains(menu.actionGeometry(last))
    assert menu.screen().availableGeometry().contains(QRect(menu.pos(), menu.size()))
    menu.close()
