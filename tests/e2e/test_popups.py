"""Walks all lists of the real window and its dialogs, and all of its menus: every entry is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QDockWidget, QMenu, QWidget

from chatbot_app.ui.combo_box import ComboBox
from tests.e2e.person import Launch
from tests.e2e.test_documents import drop
from tests.scripted_server import ScriptedServer
from tests.ui.test_combo_box import hidden_entries

pytestmark = pytest.mark.xdist_group("e2e")


def bring_forward(window: QWidget, inside: QWidget) -> None:
    for dock in window.findChildren(QDockWidget):
        if dock.isAncestorOf(inside):
            dock.show()
            dock.raise_()
    QApplication.processEvents()


def test_every_list_and_menu_shows_its_last_entry(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    note = tmp_path / "note.md"
    note.write_text("The Zephyr turbine was built in 1987.")
    person = launch()
    window = person.application.window
    panel = window.knowledge_panel
    drop(person, note)
    rows = panel.list.documents
    person.qtbot.waitUntil(lambda: bool(person.application.services.library.documents.documents()))
    panel.user_actions.collection_named.emit("A collection", [])
    person.qtbot.waitUntil(lambda: "A collection" in panel.collection_box.currentText())
    panel.collection_box.setCurrentIndex(0)
    panel.collection_box.activated.emit(0)
    person.qtbot.waitUntil(lambda: rows.rowCount() == 1 and rows.row_at(rows.index(0)).document is not None)
    panel.list.selectAll()
    panel.user_actions.removal_requested.emit(panel.list.chosen())
    person.qtbot.waitUntil(lambda: "Trash" in panel.collection_box.itemText(panel.collection_box.count() - 1))
    window.servers_requested.emit()
    dialog = person.find(QWidget, "servers_dialog")
    person.qtbot.waitUntil(dialog.isVisible)
    for theme in ("light", "dark"):
        window.theme_chosen.emit(theme)
        looked_at = set()
        for box in window.findChildren(QComboBox):
            assert isinstance(box, ComboBox), box.objectName()
            bring_forward(window, box)
            if box.count() and box.isVisible():
                looked_at.add(box.objectName())
                assert hidden_entries(box) == [], box.objectName()
        assert looked_at >= {"server_combo", "collection_box", "preset_combo", "history_strategy_combo"}
        for menu in window.menuBar().findChildren(QMenu):
            menu.popup(window.mapToGlobal(window.rect().topLeft()))
            assert menu.rect().contains(menu.actionGeometry(menu.actions()[-1])), menu.title()
            menu.close()
    dialog.close()
