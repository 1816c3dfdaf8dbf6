"""The titles of the panels follow the size of the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from chatbot_app.ui.panel_dock import PanelDock
from chatbot_app.ui.theme import apply_text_size, apply_theme


@pytest.fixture
def usual_size(qapp: QApplication) -> Iterator[None]:
    yield
    apply_text_size(qapp, 1.0)


def ink_width(dock: PanelDock) -> int:
    """Return how far the title reaches: up to the buttons at the right."""
    inner = dock.widget()
    assert inner is not None
    title = QRect(0, 0, dock.width() // 2, inner.y())
    image = dock.grab(title).toImage()
    ground = image.pixelColor(0, 0)
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) != ground for y in range(2, image.height() - 2))
    ]
    return columns[-1] - columns[0]


@pytest.mark.usefixtures("usual_size")
def test_a_title_grows_with_the_text_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = PanelDock("Settings", window)
    dock.setWidget(QLabel("x"))
    window.setCentralWidget(dock)
    window.resize(600, 200)
    window.show()
    qtbot.waitExposed(window)
    before = ink_width(dock)
    apply_text_size(qapp, 1.5)
    qtbot.waitUntil(lambda: ink_width(dock) > 1.3 * before)
